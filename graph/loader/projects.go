package loader

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/text"
)

// ProjectFilter is what projects must fulfil; every condition that is given must hold.
type ProjectFilter struct {
	Search          *string          `json:"search"`
	Team            *string          `json:"team"`
	Uses            []string         `json:"uses"`
	Visibility      *enum.Visibility `json:"visibility"`
	HasOpenFindings *bool            `json:"hasOpenFindings"`
}

// ProjectOrder is what projects are ordered by.
type ProjectOrder struct {
	Field     enum.ProjectOrderField `json:"field"`
	Direction enum.OrderDirection    `json:"direction"`
}

// ProjectArgs are the arguments of a list of projects.
type ProjectArgs struct {
	relay.PageArgs
	Filter  *ProjectFilter `json:"filter"`
	OrderBy *ProjectOrder  `json:"orderBy"`
}

// IsForMembers says whether the list is filtered or ordered by what only members may
// read. Cursors hold what a list is ordered by.
func (a ProjectArgs) IsForMembers() bool {
	return a.Filter != nil && (a.Filter.Team != nil || a.Filter.HasOpenFindings != nil) ||
		a.OrderBy != nil && a.OrderBy.Field != enum.ProjectsByName
}

// Project loads by id.
func (l *Loaders) Project() *Edge[int64, *ent.Project] {
	return byID(l, "Project", l.projects, visibleProjects)
}

func visibleProjects(r *store.Reader) store.Condition { return r.Projects }

func (l *Loaders) projects(ctx context.Context, w where) ([]*ent.Project, error) {
	return l.db.Read().Project.Query().Where(w).Select(l.columns["Project"]...).All(ctx)
}

const tableProjects = "projects"

// OrganizationProjects loads, by organisation, the projects of it that the reader sees.
func (l *Loaders) OrganizationProjects(args ProjectArgs) Pages[*ent.Project] {
	f := cmp.Or(args.Filter, &ProjectFilter{})
	filter, err := l.projectFilter(f)
	if err != nil {
		return refused[*ent.Project](err)
	}
	list, err := newList(l, "Organization.projects", projectOrder(args.OrderBy), f, filter, args.PageArgs)
	if err != nil {
		return refused[*ent.Project](err)
	}
	rule := visibleProjects
	if args.IsForMembers() {
		rule = ownProjects
	}
	return guarded[*ent.Project]{
		list: list, table: tableProjects, fk: "organization_id", parent: func(p *ent.Project) int64 { return p.OrganizationID },
		read: l.projects, rule: rule,
	}.pages(l)
}

// ownProjects are those of the reader's organisations.
func ownProjects(r *store.Reader) store.Condition { return r.Members }

// projectOrder is by name where nothing else is asked for.
func projectOrder(by *ProjectOrder) order[*ent.Project] {
	isDesc := by != nil && by.Direction == enum.Desc
	id := store.Term{Column: "id", Desc: isDesc}
	if by != nil && by.Field == enum.ProjectsByScore {
		return order[*ent.Project]{
			store.Order{{Column: "score", Nullable: true, Desc: isDesc}, id},
			func(p *ent.Project) []any { return []any{some(p.Score), p.ID} },
		}
	}
	if by != nil && by.Field == enum.ProjectsByUpdatedAt {
		return order[*ent.Project]{
			store.Order{{Column: "updated_at", Desc: isDesc}, id},
			func(p *ent.Project) []any { return []any{int64(p.UpdatedAt), p.ID} },
		}
	}
	return order[*ent.Project]{
		store.Order{{Column: "name_key", Desc: isDesc}, id},
		func(p *ent.Project) []any { return []any{p.NameKey, p.ID} },
	}
}

func (l *Loaders) projectFilter(f *ProjectFilter) (store.Filter, error) {
	var team []string
	if f.Team != nil {
		team = []string{*f.Team}
	}
	if err := errors.Join(l.checkSearch(f.Search), checkValues(l, "uses", f.Uses), checkValues(l, "team", team)); err != nil {
		return store.Filter{}, err
	}
	var out store.Filter
	if f.Search != nil {
		for _, word := range text.Words(*f.Search) {
			out.Conditions = append(out.Conditions, hasWord(word))
		}
	}
	if f.Team != nil {
		out.Conditions = append(out.Conditions, columnIn("team", team))
	}
	if f.Visibility != nil {
		out.Conditions = append(out.Conditions, columnIn("visibility", []enum.Visibility{*f.Visibility}))
	}
	if f.HasOpenFindings != nil {
		out.Conditions = append(out.Conditions, l.withOpenFindings(*f.HasOpenFindings))
	}
	if f.Uses != nil {
		out.Conditions = append(out.Conditions, running(f.Uses))
	}
	return out, nil
}

// hasWord is the condition that a word of the text begins so.
func hasWord(word string) store.Condition {
	escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)
	return func(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		return sql.P(func(b *sql.Builder) {
			b.WriteString(col("search_text") + " LIKE ").Arg("% " + escaped + "%").WriteString(` ESCAPE '\'`)
		})
	}
}

// running is the condition that a project runs one of the technologies.
func running(slugs []string) store.Condition {
	return func(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		c, t := d.Table(tableStackComponents).As("run"), d.Table(tableTechnologies).As("ran")
		return sql.Exists(d.Select(c.C("id")).From(c).Join(t).On(t.C("id"), c.C("technology_id")).
			Where(sql.And(sql.ColumnsEQ(c.C("project_id"), col("id")), store.In(t.C("slug"), slugs))))
	}
}

// TechnologyUsedBy loads, by technology, the projects that run it and that the
// reader sees, those that were registered last first.
func (l *Loaders) TechnologyUsedBy(args relay.PageArgs) Pages[*ent.Project] {
	link := store.Link{Table: tableStackComponents, Parent: "technology_id", Child: "project_id", Repeats: true}
	newest := order[*ent.Project]{
		store.Order{{Column: "id", Desc: true}},
		func(p *ent.Project) []any { return []any{p.ID} },
	}
	list, err := newList(l, "Technology.usedBy", newest, nil, store.Filter{}, args)
	if err != nil {
		return refused[*ent.Project](err)
	}
	g := guarded[*ent.Project]{list: list, rule: visibleProjects}
	return pages(l, list, parentOf[*ent.Project],
		func(ctx context.Context, parents []int64) ([]*ent.Project, error) {
			seen, err := g.seen(l)
			if err != nil {
				return nil, err
			}
			return l.projects(ctx, seen.Linked(link, parents))
		},
		func(ctx context.Context, parents []int64) (map[int64]int, error) {
			seen, err := g.seen(l)
			if err != nil {
				return nil, err
			}
			return l.db.CountLinked(ctx, link, tableProjects, parents, seen.Filter)
		},
	)
}

const tableStackComponents = "stack_components"

// StackComponent loads by id.
func (l *Loaders) StackComponent() *Edge[int64, *ent.StackComponent] {
	return byID(l, "StackComponent", l.stackComponents, visibleStackComponents)
}

func visibleStackComponents(r *store.Reader) store.Condition { return r.StackComponents }

func (l *Loaders) stackComponents(ctx context.Context, w where) ([]*ent.StackComponent, error) {
	return l.db.Read().StackComponent.Query().Where(w).Select(l.columns["StackComponent"]...).All(ctx)
}

// ProjectStack loads, by project, what it runs on and the reader sees, as it was given.
func (l *Loaders) ProjectStack(args relay.PageArgs) Pages[*ent.StackComponent] {
	asGiven := order[*ent.StackComponent]{
		store.Order{{Column: "position"}, {Column: "id"}},
		func(c *ent.StackComponent) []any { return []any{int64(c.Position), c.ID} },
	}
	list, err := newList(l, "Project.stack", asGiven, nil, store.Filter{}, args)
	if err != nil {
		return refused[*ent.StackComponent](err)
	}
	return guarded[*ent.StackComponent]{
		list: list, table: tableStackComponents, fk: "project_id", parent: func(c *ent.StackComponent) int64 { return c.ProjectID },
		read: l.stackComponents, rule: visibleStackComponents,
	}.pages(l)
}
