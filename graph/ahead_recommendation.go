package graph

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/internal/advice"
)

func (a lookAhead) recommendation(sel ast.SelectionSet, r *advice.Recommendation) {
	for _, f := range a.fields(sel, "StackRecommendation") {
		switch f.Name {
		case "components":
			a.choices(f, r.Choices)
		case "unfilled":
			a.categoriesOf(f, r.Unfilled)
		case "findings":
			a.findings(f, r.Findings)
		case "rejected":
			a.technologiesBelow(f, keys(r.Rejected, func(r *advice.Rejection) int64 { return r.Technology.ID }))
		}
	}
}

func (a lookAhead) choices(of graphql.CollectedField, choices []*advice.Choice) {
	for _, f := range a.below(of) {
		switch f.Name {
		case "category":
			slugs := make([]string, len(choices))
			for i, c := range choices {
				slugs[i] = c.Category
			}
			a.categoriesOf(f, slugs)
		case "technology":
			a.technologiesOf(f, keys(choices, func(c *advice.Choice) int64 { return c.Technology.ID }))
		case "releaseCycle":
			a.releaseCyclesOf(f, factCycles(choices, func(c *advice.Choice) *advice.Cycle { return c.Cycle }))
		case "reasons":
			a.reasons(f)
		case "alternatives":
			var ids []int64
			for _, c := range choices {
				ids = append(ids, keys(c.Alternatives, func(a *advice.Alternative) int64 { return a.Technology.ID })...)
			}
			a.technologiesBelow(f, ids)
			for _, below := range a.below(f) {
				if below.Name == "reasons" {
					a.reasons(below)
				}
			}
		}
	}
}

func (a lookAhead) reasons(of graphql.CollectedField) {
	for _, f := range a.below(of) {
		if f.Name == "criterion" {
			a.criteria(advice.Criteria())
		}
	}
}

// categoriesOf loads categories by their slugs, and goes on with what hangs on them.
func (a lookAhead) categoriesOf(f graphql.CollectedField, slugs []string) {
	rows, err := a.l.CategoryOf().Ahead(a.ctx, slugs)
	if err == nil && len(rows) > 0 {
		a.categories(f.Selections, rows)
	}
}
