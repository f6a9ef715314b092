package relay

import "stackyard/internal/fault"

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
