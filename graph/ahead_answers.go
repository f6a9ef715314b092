package graph

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/ent"
	"stackyard/internal/advice"
	"stackyard/internal/app"
)

// What hangs on the fields of answers: the objects whose facts they rest on.

func (a lookAhead) stackCheck(sel ast.SelectionSet, check *app.StackCheck) {
	for _, f := range a.fields(sel, "StackCheck") {
		switch f.Name {
		case "components":
			for _, below := range a.below(f) {
				switch below.Name {
				case "technology":
					a.technologiesOf(below, factKeys(check.Components, func(c *app.CheckedComponent) *advice.Technology { return c.Of }))
				case "releaseCycle":
					a.releaseCyclesOf(below, factCycles(check.Components, func(c *app.CheckedComponent) *advice.Cycle { return c.Cycle }))
				}
			}
		case "findings":
			a.findings(f, check.Findings)
		}
	}
}

func (a lookAhead) findings(of graphql.CollectedField, found []advice.Finding) {
	for _, f := range a.below(of) {
		switch f.Name {
		case "technology":
			a.technologiesOf(f, factKeys(found, func(f advice.Finding) *advice.Technology { return f.Technology }))
		case "releaseCycle":
			a.releaseCyclesOf(f, factCycles(found, func(f advice.Finding) *advice.Cycle { return f.Cycle }))
		case "advisory":
			ids := someKeys(found, func(f advice.Finding) *int64 {
				if f.Advisory == nil {
					return nil
				}
				return &f.Advisory.ID
			})
			level(a, a.l.Advisory(), ids, func(rows []*ent.Advisory) { a.advisories(f.Selections, rows) })
		}
	}
}

func (a lookAhead) comparison(sel ast.SelectionSet, c *app.Comparison) {
	for _, f := range a.fields(sel, "Comparison") {
		switch f.Name {
		case "technologies":
			a.technologiesOf(f, keys(c.Of, func(t *advice.Technology) int64 { return t.ID }))
		case "rows":
			for _, below := range a.below(f) {
				if below.Name == "best" {
					a.technologiesOf(below, a.bestOf(c))
				}
			}
		}
	}
}

// bestOf gives the technologies that are best on any point.
func (lookAhead) bestOf(c *app.Comparison) []int64 {
	var out []int64
	for _, r := range c.Rows {
		out = append(out, keys(r.BestOf, func(t *advice.Technology) int64 { return t.ID })...)
	}
	return out
}

// assessments loads the facts of technologies, and the criteria that they are marked on.
func (a lookAhead) assessments(of graphql.CollectedField, technologies []int64) {
	facts, err := a.l.Facts().Ahead(a.ctx, technologies)
	if err != nil || len(facts) == 0 {
		return
	}
	for _, f := range a.below(of) {
		if f.Name == "criterion" {
			a.criteria(advice.Criteria())
		}
	}
}

// criteria loads criteria by their slugs; nothing hangs on them.
func (a lookAhead) criteria(slugs []string) {
	_, _ = a.l.CriterionOf().Ahead(a.ctx, slugs) // what cannot be loaded is reported where it is asked for
}

// releaseCyclesOf loads the release cycles of a reference.
func (a lookAhead) releaseCyclesOf(f graphql.CollectedField, ids []int64) {
	level(a, a.l.ReleaseCycle(), ids, func(rows []*ent.ReleaseCycle) { a.releaseCycles(f.Selections, rows) })
}

// factKeys gives the keys of the technologies that rows rest on.
func factKeys[T any](rows []T, of func(T) *advice.Technology) []int64 {
	return someKeys(rows, func(row T) *int64 {
		if t := of(row); t != nil {
			return &t.ID
		}
		return nil
	})
}

func factCycles[T any](rows []T, of func(T) *advice.Cycle) []int64 {
	return someKeys(rows, func(row T) *int64 {
		if c := of(row); c != nil {
			return &c.ID
		}
		return nil
	})
}
