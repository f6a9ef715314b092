package graph

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/relay"
)

// ownProjects are the keys of the projects of organisations that the viewer is a member of.
func (a lookAhead) ownProjects(rows []*ent.Project) []int64 {
	reader, err := a.l.Reader()
	if err != nil {
		return nil
	}
	var out []int64
	for _, p := range rows {
		if reader.Role(p.OrganizationID) != "" {
			out = append(out, p.ID)
		}
	}
	return out
}

func (a lookAhead) keptFindings(sel ast.SelectionSet, rows []*ent.Finding) {
	if len(rows) == 0 {
		return
	}
	for _, f := range a.fields(sel, "Finding", "Node") {
		switch f.Name {
		case "project":
			level(a, a.l.Project(), keys(rows, func(f *ent.Finding) int64 { return f.ProjectID }),
				func(p []*ent.Project) { a.projects(f.Selections, p) })
		case "lastSeenAt":
			level(a, a.l.Project(), keys(rows, func(f *ent.Finding) int64 { return f.ProjectID }), nil)
		case "component":
			level(a, a.l.StackComponent(), someKeys(rows, func(f *ent.Finding) *int64 { return f.ComponentID }),
				func(c []*ent.StackComponent) { a.stackComponents(f.Selections, c) })
		case "advisory":
			level(a, a.l.Advisory(), someKeys(rows, func(f *ent.Finding) *int64 { return f.AdvisoryID }),
				func(v []*ent.Advisory) { a.advisories(f.Selections, v) })
		case "acknowledgement":
			a.acknowledgements(f, rows)
		}
	}
}

func (a lookAhead) acknowledgements(of graphql.CollectedField, rows []*ent.Finding) {
	var by []int64
	for _, f := range rows {
		if k := a.l.Acknowledgement(f); k != nil {
			by = append(by, k.ByID)
		}
	}
	for _, f := range a.fields(of.Selections, "Acknowledgement") {
		if f.Name == "by" {
			level(a, a.l.User(), by, func(u []*ent.User) { a.users(f.Selections, u) })
		}
	}
}

func (a lookAhead) forecast(sel ast.SelectionSet, rows []*loader.ForecastEntry) {
	for _, f := range a.fields(sel, "ForecastEntry") {
		switch f.Name {
		case "releaseCycle":
			cycles := make([]*ent.ReleaseCycle, len(rows))
			for i, e := range rows {
				cycles[i] = e.ReleaseCycle
			}
			a.releaseCycles(f.Selections, cycles)
		case "projects":
			if args, ok := args[relay.PageArgs](a, f); ok {
				of := map[int64][]int64{}
				for _, e := range rows {
					of[e.Organization] = append(of[e.Organization], e.ReleaseCycle.ID)
				}
				for organization, ids := range of {
					pages(a, f, a.l.ForecastProjects(organization, args), ids, a.projects)
				}
			}
		}
	}
}
