package graph

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/app"
	"stackyard/internal/relay"
)

// One function a type says what hangs on its fields; each is a field's edge and
// what goes on below it.

func (a lookAhead) technologies(sel ast.SelectionSet, rows []*ent.Technology) {
	if len(rows) == 0 || a.isOff {
		return
	}
	ids := keys(rows, func(t *ent.Technology) int64 { return t.ID })
	for _, t := range rows {
		a.l.Technology().Keep(t.ID, t)
	}
	for _, f := range a.fields(sel, "Technology", "Node", "IntegrationTarget") {
		switch f.Name {
		case "identifiers":
			level(a, a.l.Identifiers(), ids, nil)
		case "categories":
			level(a, a.l.TechnologyCategories(), ids, func(c [][]*ent.Category) { a.categories(f.Selections, flat(c)) })
		case "useCases":
			level(a, a.l.TechnologyUseCases(), ids, func(u [][]*ent.UseCase) { a.useCases(f.Selections, flat(u)) })
		case "successors":
			level(a, a.l.Successors(), ids, func(t [][]*ent.Technology) { a.technologies(f.Selections, flat(t)) })
		case "lifecycle":
			level(a, a.l.AllCycles(), ids, func(c [][]*ent.ReleaseCycle) { a.lifecycles(f, c) })
		case "releaseCycle":
			level(a, a.l.AllCycles(), ids, func([][]*ent.ReleaseCycle) { a.cyclesOf(f, rows) })
		case "assessments":
			a.assessments(f, ids)
		case "source":
			level(a, a.l.Source(), someKeys(rows, func(t *ent.Technology) *int64 { return t.SourceID }), nil)
		default:
			a.technologyPages(f, ids)
		}
	}
}

// technologyPages are the connections of technologies.
func (a lookAhead) technologyPages(f graphql.CollectedField, ids []int64) {
	switch f.Name {
	case "releaseCycles":
		if args, ok := args[loader.ReleaseCycleArgs](a, f); ok {
			pages(a, f, a.l.TechnologyReleaseCycles(args), ids, a.releaseCycles)
		}
	case "advisories":
		if args, ok := args[loader.AdvisoryArgs](a, f); ok {
			pages(a, f, a.l.TechnologyAdvisories(args), ids, a.advisories)
		}
	case "integrations":
		if args, ok := args[loader.IntegrationArgs](a, f); ok {
			p := a.l.TechnologyIntegrations(args)
			pages(a, f, p, ids, a.integrations)
			level(a, p.Edge, ids, func(c []*loader.IntegrationConnection) { a.targets(f, nodesOf(c)) })
		}
	case "alternatives":
		if args, ok := args[relay.PageArgs](a, f); ok {
			pages(a, f, a.l.TechnologyAlternatives(args), ids, a.technologies)
		}
	case "reviews":
		if args, ok := args[relay.PageArgs](a, f); ok {
			pages(a, f, a.l.TechnologyReviews(args), ids, a.reviews)
		}
	case "usedBy":
		if args, ok := args[relay.PageArgs](a, f); ok {
			pages(a, f, a.l.TechnologyUsedBy(args), ids, a.projects)
		}
	}
}

func (a lookAhead) lifecycles(of graphql.CollectedField, cycles [][]*ent.ReleaseCycle) {
	for _, f := range a.below(of) {
		var picked []*ent.ReleaseCycle
		for _, c := range cycles {
			l := lifecycleOf(c, a.l.Today())
			for name, cycle := range map[string]*ent.ReleaseCycle{
				"latestCycle": l.LatestCycle, "latestLongTermCycle": l.LatestLongTermCycle, "nextEndOfLife": l.NextEndOfLife,
			} {
				if name == f.Name && cycle != nil {
					picked = append(picked, cycle)
				}
			}
		}
		a.releaseCycles(f.Selections, picked)
	}
}

// cyclesOf goes on from the cycles of a version, among those of each technology, which are loaded by now.
func (a lookAhead) cyclesOf(f graphql.CollectedField, rows []*ent.Technology) {
	args, ok := args[struct {
		Version string `json:"version"`
	}](a, f)
	if !ok {
		return
	}
	var picked []*ent.ReleaseCycle
	for _, t := range rows {
		all, err := a.l.AllCycles().Load(a.ctx, t.ID)
		if err != nil {
			return
		}
		if c := app.CycleOf(t, all, args.Version); c != nil {
			picked = append(picked, c)
		}
	}
	a.releaseCycles(f.Selections, picked)
}

func (a lookAhead) releaseCycles(sel ast.SelectionSet, rows []*ent.ReleaseCycle) {
	if len(rows) == 0 {
		return
	}
	for _, f := range a.fields(sel, "ReleaseCycle", "Node") {
		switch f.Name {
		case "technology":
			a.technologiesOf(f, keys(rows, func(c *ent.ReleaseCycle) int64 { return c.TechnologyID }))
		case "requirements":
			ids := keys(rows, func(c *ent.ReleaseCycle) int64 { return c.ID })
			level(a, a.l.Requirements(), ids, func(r [][]*ent.VersionRequirement) {
				a.technologiesBelow(f, keys(flat(r), func(r *ent.VersionRequirement) int64 { return r.TechnologyID }))
			})
		case "source":
			level(a, a.l.Source(), someKeys(rows, func(c *ent.ReleaseCycle) *int64 { return c.SourceID }), nil)
		}
	}
}

// technologiesBelow loads the technologies that the objects of a field refer to.
func (a lookAhead) technologiesBelow(of graphql.CollectedField, ids []int64) {
	for _, f := range a.below(of) {
		if f.Name == "technology" {
			a.technologiesOf(f, ids)
		}
	}
}

// technologiesOf loads the technologies of a reference.
func (a lookAhead) technologiesOf(f graphql.CollectedField, ids []int64) {
	level(a, a.l.Technology(), ids, func(t []*ent.Technology) { a.technologies(f.Selections, t) })
}

func (a lookAhead) advisories(sel ast.SelectionSet, rows []*ent.Advisory) {
	if len(rows) == 0 {
		return
	}
	for _, f := range a.fields(sel, "Advisory", "Node") {
		switch f.Name {
		case "affected":
			ids := keys(rows, func(v *ent.Advisory) int64 { return v.ID })
			level(a, a.l.Affected(), ids, func(r [][]*ent.AffectedRange) {
				a.technologiesBelow(f, keys(flat(r), func(r *ent.AffectedRange) int64 { return r.TechnologyID }))
			})
		case "source":
			level(a, a.l.Source(), someKeys(rows, func(v *ent.Advisory) *int64 { return v.SourceID }), nil)
		}
	}
}

func (a lookAhead) integrations(sel ast.SelectionSet, rows []*ent.Integration) {
	if len(rows) == 0 {
		return
	}
	for _, f := range a.fields(sel, "Integration", "Node") {
		switch f.Name {
		case "from":
			a.technologiesOf(f, keys(rows, func(i *ent.Integration) int64 { return i.FromID }))
		case "to":
			a.ends(f.Selections, someKeys(rows, func(i *ent.Integration) *int64 { return i.ToTechnologyID }),
				someKeys(rows, func(i *ent.Integration) *int64 { return i.ToToolID }))
		}
	}
}

// targets loads the other sides of integrations, which their edges have.
func (a lookAhead) targets(of graphql.CollectedField, rows []*ent.Integration) {
	for _, f := range a.below(of) {
		if f.Name != "edges" {
			continue
		}
		for _, e := range a.below(f) {
			if e.Name == "target" {
				technologies, tools := a.l.OtherSides(rows)
				a.ends(e.Selections, technologies, tools)
			}
		}
	}
}

func (a lookAhead) ends(sel ast.SelectionSet, technologies, tools []int64) {
	level(a, a.l.Technology(), technologies, func(t []*ent.Technology) { a.technologies(sel, t) })
	level(a, a.l.Tool(), tools, nil)
}

func (a lookAhead) reviews(sel ast.SelectionSet, rows []*ent.Review) {
	if len(rows) == 0 {
		return
	}
	for _, f := range a.fields(sel, "Review", "Node") {
		switch f.Name {
		case "technology":
			a.technologiesOf(f, keys(rows, func(r *ent.Review) int64 { return r.TechnologyID }))
		case "author":
			level(a, a.l.User(), keys(rows, func(r *ent.Review) int64 { return r.AuthorID }),
				func(u []*ent.User) { a.users(f.Selections, u) })
		}
	}
}

func (a lookAhead) users(sel ast.SelectionSet, rows []*ent.User) {
	ids := keys(rows, func(u *ent.User) int64 { return u.ID })
	for _, f := range a.fields(sel, "User", "Node") {
		if f.Name != "reviews" {
			continue
		}
		if args, ok := args[relay.PageArgs](a, f); ok {
			pages(a, f, a.l.UserReviews(args), ids, a.reviews)
		}
	}
}

func (a lookAhead) categories(sel ast.SelectionSet, rows []*ent.Category) {
	ids := keys(rows, func(c *ent.Category) int64 { return c.ID })
	for _, f := range a.fields(sel, "Category", "Node") {
		if f.Name != "technologies" {
			continue
		}
		if args, ok := args[loader.TechnologyArgs](a, f); ok {
			pages(a, f, a.l.CategoryTechnologies(args), ids, a.technologies)
		}
	}
}

func (a lookAhead) useCases(sel ast.SelectionSet, rows []*ent.UseCase) {
	ids := keys(rows, func(u *ent.UseCase) int64 { return u.ID })
	for _, f := range a.fields(sel, "UseCase", "Node") {
		if f.Name != "technologies" {
			continue
		}
		if args, ok := args[loader.TechnologyArgs](a, f); ok {
			pages(a, f, a.l.UseCaseTechnologies(args), ids, a.technologies)
		}
	}
}
