package loader

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"stackyard/ent"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// The connections and edges of the contract.
type (
	TechnologyConnection   = Connection[*ent.Technology]
	TechnologyEdge         = PageEdge[*ent.Technology]
	ReleaseCycleConnection = Connection[*ent.ReleaseCycle]
	ReleaseCycleEdge       = PageEdge[*ent.ReleaseCycle]
	AdvisoryConnection     = Connection[*ent.Advisory]
	AdvisoryEdge           = PageEdge[*ent.Advisory]
	IntegrationConnection  = Connection[*ent.Integration]
	IntegrationEdge        = PageEdge[*ent.Integration]
	ReviewConnection       = Connection[*ent.Review]
	ReviewEdge             = PageEdge[*ent.Review]

	OrganizationConnection   = Connection[*ent.Organization]
	OrganizationEdge         = PageEdge[*ent.Organization]
	MemberConnection         = Connection[*ent.Member]
	MemberEdge               = PageEdge[*ent.Member]
	ProjectConnection        = Connection[*ent.Project]
	ProjectEdge              = PageEdge[*ent.Project]
	StackComponentConnection = Connection[*ent.StackComponent]
	StackComponentEdge       = PageEdge[*ent.StackComponent]
	FindingConnection        = Connection[*ent.Finding]
	FindingEdge              = PageEdge[*ent.Finding]
	ForecastConnection       = Connection[*ForecastEntry]
	ForecastEdge             = PageEdge[*ForecastEntry]
	ChangeConnection         = Connection[*ent.Change]
	ChangeEdge               = PageEdge[*ent.Change]
)

// order is an order of a list, with what its terms are in a row.
type order[T any] struct {
	terms store.Order
	place func(T) []any
}

// list is a page of a list that was asked for, checked.
type list[T any] struct {
	*store.List
	place func(T) []any
	whole string // names the list with its filter and order
	page  string // names the page of it, too
}

// newList checks a page. The scope stands for the list, the filter and the order
// for what decides its members and their order: cursors are bound to all three.
func newList[T any](l *Loaders, scope string, o order[T], filter any, conditions store.Filter, page relay.PageArgs) (list[T], error) {
	name := scope + "?" + canonical(filter) + "&" + canonical(o.terms)
	of, err := store.NewList(l.db.Cursors(name), o.terms, conditions, page)
	return list[T]{List: of, place: o.place, whole: name, page: name + "&" + canonical(page)}, err
}

// connection makes a page of the rows that were read for it.
func (l list[T]) connection(rows []T, count func(context.Context) (int, error)) *Connection[T] {
	c := newConnection(l.Window, rows, func(row T) string { return l.Cursor(l.place(row)...) })
	c.Count = count
	return c
}

// Pages is the edge from parents to pages of their lists, and to the lists' lengths.
type Pages[T any] struct {
	*Edge[int64, *Connection[T]]
	Count *Edge[int64, int]
}

// pages gives the operation's edge of a list: read gives the rows of the pages of
// several parents, count the lengths of their lists.
func pages[T any](
	l *Loaders, list list[T], parent func(T) int64,
	read func(ctx context.Context, parents []int64) ([]T, error),
	count func(ctx context.Context, parents []int64) (map[int64]int, error),
) Pages[T] {
	counts := edge(l, list.whole+"#count", func(int64) (int, error) { return 0, nil }, count)
	return Pages[T]{Count: counts, Edge: edge(l, list.page, one, func(ctx context.Context, parents []int64) (map[int64]*Connection[T], error) {
		rows, err := read(ctx, parents)
		if err != nil {
			return nil, err
		}
		of := grouped(rows, parent)
		out := make(map[int64]*Connection[T], len(parents))
		for _, p := range parents {
			out[p] = list.connection(of[p], func(ctx context.Context) (int, error) { return counts.Load(ctx, p) })
		}
		return out, nil
	})}
}

// refused is the edge of a page that was asked for wrongly.
func refused[T any](err error) Pages[T] {
	return Pages[T]{
		Edge:  &Edge[int64, *Connection[T]]{refused: err},
		Count: &Edge[int64, int]{refused: err},
	}
}

// canonical writes a value always the same way.
func canonical(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("%T: %v", v, err)) // arguments are plain values
	}
	return string(b)
}

func (l *Loaders) checkSearch(search *string) error {
	if search == nil || utf8.RuneCountInString(*search) <= l.limits.SearchLength {
		return nil
	}
	return fault.BadInput("search has more than %d characters (--max-search-length)", l.limits.SearchLength)
}

// maxValue is the most bytes of a value in a filter; no slug, name or identifier is as long.
const maxValue = 200

// checkValues bounds a filter's list, and what is in it.
func checkValues[T ~string](l *Loaders, field string, values []T) error {
	if len(values) > l.limits.FilterValues {
		return fault.BadInput("%s lists %d values, more than %d (--max-filter-values)", field, len(values), l.limits.FilterValues)
	}
	for _, v := range values {
		if len(v) > maxValue {
			return fault.BadInput("%s lists a value of more than %d bytes", field, maxValue)
		}
	}
	return nil
}
