package relay

import (
	"context"

	"stackyard/internal/fault"
)

// How long a page is, in items.
const (
	DefaultPage = 25
	MaxPage     = 100
)

// PageArgs are the four arguments of every connection.
type PageArgs struct {
	First  *int    `json:"first"`
	After  *string `json:"after"`
	Last   *int    `json:"last"`
	Before *string `json:"before"`
}

// Window is a page that is asked for: the first or the last Limit items between
// two cursors.
type Window struct {
	Limit    int
	Backward bool
	After    *string
	Before   *string
}

// Window checks the arguments. Without first and last it is the first 25.
func (a PageArgs) Window() (Window, error) {
	w := Window{Limit: DefaultPage, After: a.After, Before: a.Before}
	switch {
	case a.First != nil && a.Last != nil:
		return w, fault.BadInput("first and last cannot both be given")
	case a.First != nil:
		w.Limit = *a.First
		return w, checkSize("first", w.Limit)
	case a.Last != nil:
		w.Limit, w.Backward = *a.Last, true
		return w, checkSize("last", w.Limit)
	}
	return w, nil
}

func checkSize(argument string, n int) error {
	if n < 1 || n > MaxPage {
		return fault.BadInput("%s is %d; it must lie between 1 and %d", argument, n, MaxPage)
	}
	return nil
}

// Connection is a page of a list.
type Connection[T any] struct {
	Edges    []Edge[T]
	PageInfo PageInfo
	// Count gives the length of the whole list; it is called only when asked for.
	Count func(context.Context) (int, error)
}

// Edge is an item of a list, with its place.
type Edge[T any] struct {
	Cursor string
	Node   T
}

// PageInfo says where a page stands in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Nodes are the items without their places.
func (c *Connection[T]) Nodes() []T {
	nodes := make([]T, len(c.Edges))
	for i, e := range c.Edges {
		nodes[i] = e.Node
	}
	return nodes
}

// TotalCount is the length of the whole list, whatever the page.
func (c *Connection[T]) TotalCount(ctx context.Context) (int, error) { return c.Count(ctx) }

// NewConnection makes a page of the items that were read in the window's
// direction: one more than its limit where there are more. Cursors come from cursor.
func NewConnection[T any](w Window, items []T, cursor func(T) string) *Connection[T] {
	more := len(items) > w.Limit
	if more {
		items = items[:w.Limit]
	}
	c := &Connection[T]{Edges: make([]Edge[T], len(items))}
	for i, item := range items {
		at := i
		if w.Backward {
			at = len(items) - 1 - i
		}
		c.Edges[at] = Edge[T]{Cursor: cursor(item), Node: item}
	}
	c.PageInfo = PageInfo{
		HasNextPage:     more && !w.Backward || w.Backward && w.Before != nil,
		HasPreviousPage: more && w.Backward || !w.Backward && w.After != nil,
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c
}
