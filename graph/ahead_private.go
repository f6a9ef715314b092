package graph

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/relay"
)

// What hangs on the fields of what belongs to organisations, on viewers and on changes.

func (a lookAhead) viewer(sel ast.SelectionSet) {
	for _, f := range a.fields(sel, "Viewer") {
		if f.Name != "user" {
			continue
		}
		if reader, err := a.l.Reader(); err == nil {
			level(a, a.l.User(), []int64{reader.User}, func(u []*ent.User) { a.users(f.Selections, u) })
		}
	}
}

func (a lookAhead) organizations(sel ast.SelectionSet, rows []*ent.Organization) {
	if len(rows) == 0 {
		return
	}
	ids := keys(rows, func(o *ent.Organization) int64 { return o.ID })
	for _, o := range rows {
		a.l.Organization().Keep(o.ID, o)
	}
	for _, f := range a.fields(sel, "Organization", "Node") {
		switch f.Name {
		case "members":
			if args, ok := args[relay.PageArgs](a, f); ok {
				pages(a, f, a.l.OrganizationMembers(args), a.ownOnly(ids), a.members)
			}
		case "projects":
			if args, ok := args[loader.ProjectArgs](a, f); ok {
				pages(a, f, a.l.OrganizationProjects(args), ids, a.projects)
			}
		case "findings":
			if args, ok := args[loader.FindingArgs](a, f); ok {
				pages(a, f, a.l.OrganizationFindings(args), a.ownOnly(ids), a.keptFindings)
			}
		case "forecast":
			if args, ok := args[loader.ForecastArgs](a, f); ok {
				pages(a, f, a.l.Forecast(args), a.ownOnly(ids), a.forecast)
			}
		case "invitations":
			level(a, a.l.OrganizationInvitations(), a.ownOnly(ids), func(i [][]*ent.Invitation) { a.invitations(f.Selections, flat(i)) })
		case "webhooks":
			level(a, a.l.OrganizationWebhooks(), a.ownOnly(ids), nil)
		}
	}
}

// ownOnly leaves out the organisations of which the viewer is no member.
func (a lookAhead) ownOnly(ids []int64) []int64 {
	reader, err := a.l.Reader()
	if err != nil {
		return nil
	}
	var out []int64
	for _, id := range ids {
		if reader.Role(id) != "" {
			out = append(out, id)
		}
	}
	return out
}

func (a lookAhead) members(sel ast.SelectionSet, rows []*ent.Member) {
	for _, f := range a.fields(sel, "Member", "Node") {
		if f.Name == "user" {
			level(a, a.l.User(), keys(rows, func(m *ent.Member) int64 { return m.UserID }), func(u []*ent.User) { a.users(f.Selections, u) })
		}
	}
}

func (a lookAhead) invitations(sel ast.SelectionSet, rows []*ent.Invitation) {
	for _, f := range a.fields(sel, "Invitation", "Node") {
		if f.Name == "organizationName" {
			level(a, a.l.Inviting(), keys(rows, func(i *ent.Invitation) int64 { return i.OrganizationID }), nil)
		}
	}
}

func (a lookAhead) projects(sel ast.SelectionSet, rows []*ent.Project) {
	if len(rows) == 0 {
		return
	}
	for _, p := range rows {
		a.l.Project().Keep(p.ID, p)
	}
	for _, f := range a.fields(sel, "Project", "Node") {
		switch f.Name {
		case "organization":
			level(a, a.l.Organization(), keys(rows, func(p *ent.Project) int64 { return p.OrganizationID }),
				func(o []*ent.Organization) { a.organizations(f.Selections, o) })
		case "useCase":
			level(a, a.l.UseCase(), someKeys(rows, func(p *ent.Project) *int64 { return p.UseCaseID }),
				func(u []*ent.UseCase) { a.useCases(f.Selections, u) })
		case "stack":
			if args, ok := args[relay.PageArgs](a, f); ok {
				pages(a, f, a.l.ProjectStack(args), keys(rows, func(p *ent.Project) int64 { return p.ID }), a.stackComponents)
			}
		case "findings":
			if args, ok := args[loader.FindingArgs](a, f); ok {
				pages(a, f, a.l.ProjectFindings(args), a.ownProjects(rows), a.keptFindings)
			}
		}
	}
}

func (a lookAhead) stackComponents(sel ast.SelectionSet, rows []*ent.StackComponent) {
	technologies := someKeys(rows, func(c *ent.StackComponent) *int64 { return c.TechnologyID })
	for _, f := range a.fields(sel, "StackComponent", "Node") {
		switch f.Name {
		case "project":
			level(a, a.l.Project(), keys(rows, func(c *ent.StackComponent) int64 { return c.ProjectID }),
				func(p []*ent.Project) { a.projects(f.Selections, p) })
		case "technology":
			a.technologiesOf(f, technologies)
		case "releaseCycle":
			level(a, a.l.Technology(), technologies, func([]*ent.Technology) {
				level(a, a.l.AllCycles(), technologies, func([][]*ent.ReleaseCycle) { a.cyclesInUse(f, rows) })
			})
		}
	}
}

// cyclesInUse goes on from the cycles of components' versions, which are known by now.
func (a lookAhead) cyclesInUse(f graphql.CollectedField, rows []*ent.StackComponent) {
	var picked []*ent.ReleaseCycle
	for _, c := range rows {
		cycle, err := stackComponentResolver{}.ReleaseCycle(a.ctx, c)
		if err != nil {
			return
		}
		if cycle != nil {
			picked = append(picked, cycle)
		}
	}
	a.releaseCycles(f.Selections, picked)
}

func (a lookAhead) changes(sel ast.SelectionSet, rows []*ent.Change) {
	for _, f := range a.fields(sel, "Change") {
		switch f.Name {
		case "subject":
			a.subjects(f, rows)
		case "actor":
			level(a, a.l.User(), someKeys(rows, func(c *ent.Change) *int64 { return c.ActorID }), func(u []*ent.User) { a.users(f.Selections, u) })
		}
	}
}

func (a lookAhead) subjects(f graphql.CollectedField, rows []*ent.Change) {
	ids := make([]*relay.ID, len(rows))
	for i, c := range rows {
		id := subjectOf(c)
		ids[i] = &id
	}
	if a.l.NodesAhead(a.ctx, ids) != nil {
		return
	}
	var found []loader.Node
	for _, id := range ids {
		if n, err := a.l.Node(a.ctx, *id); err == nil {
			found = append(found, n)
		}
	}
	a.nodes(f.Selections, found)
}

// nodes goes on from objects of any types.
func (a lookAhead) nodes(sel ast.SelectionSet, rows []loader.Node) {
	of[*ent.Technology](rows, sel, a.technologies)
	of[*ent.ReleaseCycle](rows, sel, a.releaseCycles)
	of[*ent.Advisory](rows, sel, a.advisories)
	of[*ent.Integration](rows, sel, a.integrations)
	of[*ent.Review](rows, sel, a.reviews)
	of[*ent.User](rows, sel, a.users)
	of[*ent.Category](rows, sel, a.categories)
	of[*ent.UseCase](rows, sel, a.useCases)
	of[*ent.Organization](rows, sel, a.organizations)
	of[*ent.Member](rows, sel, a.members)
	of[*ent.Invitation](rows, sel, a.invitations)
	of[*ent.Project](rows, sel, a.projects)
	of[*ent.StackComponent](rows, sel, a.stackComponents)
	of[*ent.Finding](rows, sel, a.keptFindings)
}

// of goes on from the objects of one type.
func of[T loader.Node](rows []loader.Node, sel ast.SelectionSet, below func(ast.SelectionSet, []T)) {
	var some []T
	for _, row := range rows {
		if t, ok := row.(T); ok {
			some = append(some, t)
		}
	}
	if len(some) > 0 {
		below(sel, some)
	}
}
