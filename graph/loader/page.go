package loader

import (
	"context"

	"stackyard/internal/relay"
)

// Connection is a page of a list.
type Connection[T any] struct {
	Edges    []*PageEdge[T]
	PageInfo PageInfo
	// Count gives the length of the whole list; it is called only when asked for.
	Count func(context.Context) (int, error)
}

// PageEdge is an item of a list, with its place.
type PageEdge[T any] struct {
	Node   T
	cursor func(T) string
}

// Cursor names the item's place. It is made when it is asked for.
func (e *PageEdge[T]) Cursor() string { return e.cursor(e.Node) }

// PageInfo says where a page stands in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	// first and last are the page's ends; nil where it is empty.
	first, last interface{ Cursor() string }
}

// StartCursor names the place of the page's first item.
func (p PageInfo) StartCursor() *string { return cursorOf(p.first) }

// EndCursor names the place of the page's last item.
func (p PageInfo) EndCursor() *string { return cursorOf(p.last) }

func cursorOf(edge interface{ Cursor() string }) *string {
	if edge == nil {
		return nil
	}
	cursor := edge.Cursor()
	return &cursor
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

// newConnection makes a page of the items that were read in the window's
// direction: one more than its limit where there are more. Cursors come from cursor.
func newConnection[T any](w relay.Window, items []T, cursor func(T) string) *Connection[T] {
	more := len(items) > w.Limit
	if more {
		items = items[:w.Limit]
	}
	c := &Connection[T]{Edges: make([]*PageEdge[T], len(items))}
	for i, item := range items {
		at := i
		if w.Backward {
			at = len(items) - 1 - i
		}
		c.Edges[at] = &PageEdge[T]{Node: item, cursor: cursor}
	}
	c.PageInfo = PageInfo{
		HasNextPage:     more && !w.Backward || w.Before != nil,
		HasPreviousPage: more && w.Backward || w.After != nil,
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.first, c.PageInfo.last = c.Edges[0], c.Edges[n-1]
	}
	return c
}
