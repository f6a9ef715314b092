package graph_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stackyard/internal/enum"
)

// logPage is how many changes are read at a time.
const logPage = 40

// step is one request, and what the model says of its answer.
type step struct {
	by        *modelUser // nil is nobody
	root      string     // field
	document  string
	variables map[string]any
	// data is asked once the ids of what is new are known; errors are those of the
	// answer beside the fields that are denied in it.
	data   func(e *eyes) any
	errors []map[string]any
	// unknown are the variables that name what there never was, where the step is
	// about what somebody may not know of.
	unknown map[string]any
}

func (s step) String() string {
	name := "nobody"
	if s.by != nil {
		name = s.by.token.Subject
	}
	return fmt.Sprintf("%s: %s %s", name, s.root, asJSON(s.variables))
}

// nodeFragments select what there is of each type.
func nodeFragments() string {
	out := "__typename"
	for _, f := range [][2]string{
		{"User", userSelection},
		{"Organization", organizationSelection},
		{"Member", memberSelection},
		{"Invitation", invitationSelection},
		{"Project", projectSelection},
		{"StackComponent", componentSelection},
		{"Technology", technologySelection},
		{"Review", reviewSelection},
	} {
		out += " ... on " + f[0] + " { " + f[1] + " }"
	}
	return out
}

// node is what `node` gives for an object.
func (e *eyes) node(n modelNode, at place) any {
	if n.thing().isGone || !n.isSeen(e) {
		return nil
	}
	out := n.show(e, at)
	out["__typename"] = typeOf(n)
	return out
}

func readNodes(by *modelUser, nodes []modelNode) step {
	ids := make([]string, len(nodes))
	for i, n := range nodes {
		ids[i] = n.thing().id
	}
	return step{
		by: by, root: "nodes", document: `query nodes($ids: [ID!]!) { nodes(ids: $ids) { ` + nodeFragments() + ` } }`, variables: map[string]any{"ids": ids},
		data: func(e *eyes) any {
			return map[string]any{"nodes": items(nodes, func(n modelNode, i int) any { return e.node(n, place{"nodes", i}) })}
		},
	}
}

func readNode(by *modelUser, n modelNode) step {
	return step{
		by: by, root: "node", document: `query node($id: ID!) { node(id: $id) { ` + nodeFragments() + ` } }`, variables: map[string]any{"id": n.thing().id},
		data: func(e *eyes) any { return map[string]any{"node": e.node(n, place{"node"})} },
	}
}

func readOrganization(by *modelUser, slug string) step {
	return step{
		by: by, root: "organization", document: `query organization($slug: String!) { organization(slug: $slug) { ` + organizationSelection +
			fmt.Sprintf(` changes(last: %d) { `, logPage) + changeSelection + ` } } }`,
		variables: map[string]any{"slug": slug},
		data: func(e *eyes) any {
			o := e.bySlug(slug)
			if o == nil || !o.isSeen(e) {
				return map[string]any{"organization": nil}
			}
			at := place{"organization"}
			out := o.show(e, at)
			out["changes"] = e.guarded("Organization", at.at("changes"), enum.RoleMaintainer, o, func() any {
				return e.changes(o.log, o, at.at("changes"))
			})
			return map[string]any{"organization": out}
		},
	}
}

func readViewer(by *modelUser) step {
	return step{
		by: by, root: "viewer", document: `query viewer { viewer { user { ` + userSelection + ` } organizations(first: 100) { totalCount nodes { id slug name viewerRole } } ` +
			`invitations { ` + invitationSelection + ` } } }`,
		data: func(e *eyes) any {
			if e.who == nil {
				return map[string]any{"viewer": nil}
			}
			var mine []*modelOrganization
			var invitations []*modelInvitation
			for _, o := range e.organizations {
				if e.has(enum.RoleViewer, o) {
					mine = append(mine, o)
				}
				for _, i := range o.waiting(e.now) {
					if i.isFor(e.who) {
						invitations = append(invitations, i)
					}
				}
			}
			slices.SortFunc(invitations, func(a, b *modelInvitation) int { return b.expiresAt.Compare(a.expiresAt) })
			mine = sortedByName(mine, func(o *modelOrganization) any { return o.facts["name"] })
			return map[string]any{"viewer": map[string]any{
				"user": e.who.show(e, place{"viewer", "user"}),
				"organizations": fullPage(mine, func(o *modelOrganization, _ int) any {
					return map[string]any{"id": &o.modelThing, "slug": o.facts["slug"], "name": o.facts["name"], "viewerRole": e.role(o)}
				}),
				"invitations": items(invitations, func(i *modelInvitation, n int) any { return i.show(e, place{"viewer", "invitations", n}) }),
			}}
		},
	}
}

func readTechnology(by *modelUser, t *modelTechnology) step {
	return step{
		by: by, root: "technology", document: `query technology($slug: String!) { technology(slug: $slug) { ` + technologySelection + ` } }`,
		variables: map[string]any{"slug": t.slug},
		data:      func(e *eyes) any { return map[string]any{"technology": t.show(e, place{"technology"})} },
	}
}

func readCatalogChanges(by *modelUser) step {
	return step{
		by: by, root: "catalogChanges", document: fmt.Sprintf(`query catalogChanges { catalogChanges(last: %d) { `, logPage) + changeSelection + ` } }`,
		data: func(e *eyes) any {
			return map[string]any{"catalogChanges": e.changes(e.log, nil, place{"catalogChanges"})}
		},
	}
}

// changes is the end of a log; of belongs to nobody in the public one.
func (e *eyes) changes(log []*modelChange, of *modelOrganization, at place) any {
	var readable []*modelChange
	for _, c := range log {
		if of == nil || e.has(c.role, of) {
			readable = append(readable, c)
		}
	}
	slices.SortStableFunc(readable, func(a, b *modelChange) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.kind, b.kind)) })
	latest := readable[max(0, len(readable)-logPage):]
	return map[string]any{
		"pageInfo": map[string]any{"hasPreviousPage": len(readable) > logPage},
		"nodes": items(latest, func(c *modelChange, i int) any {
			out := map[string]any{
				"at": stamp(c.at), "operation": c.operation, "subjectType": c.kind, "subjectId": c.subject.thing(), "subject": nil,
				"fields": append([]string{}, c.fields...),
				"actor": e.guarded("Change", at.at("nodes", i, "actor"), enum.RoleMaintainer, of, func() any {
					if c.actor == nil {
						return nil
					}
					return map[string]any{"id": &c.actor.modelThing}
				}),
			}
			if !c.subject.thing().isGone && c.subject.isSeen(e) {
				out["subject"] = map[string]any{"id": c.subject.thing()}
			}
			return out
		}),
	}
}

// readProjects filters an organisation's projects; by team, and by change, they are for members.
func readProjects(by *modelUser, slug string, filter map[string]any, first int, byChange bool) step {
	order := map[string]any{"field": "NAME"}
	if byChange {
		order = map[string]any{"field": "UPDATED_AT", "direction": "DESC"}
	}
	return step{
		by: by, root: "organization", document: `query projects($slug: String!, $filter: ProjectFilter, $first: Int, $order: ProjectOrder) { organization(slug: $slug) { ` +
			`projects(first: $first, filter: $filter, orderBy: $order) { totalCount nodes { id } edges { node { slug } } pageInfo { hasNextPage } } } }`,
		variables: map[string]any{"slug": slug, "filter": filter, "first": first, "order": order},
		data: func(e *eyes) any {
			o := e.bySlug(slug)
			if o == nil || !o.isSeen(e) {
				return map[string]any{"organization": nil}
			}
			if (filter["team"] != nil || byChange) && !e.has(enum.RoleViewer, o) {
				e.denied["team"] = e.refusal(place{"organization", "projects"}, "requiredRole", enum.RoleViewer)
				return map[string]any{"organization": nil}
			}
			list := slices.DeleteFunc(seen(e, o.projects), func(p *modelProject) bool { return !p.passes(filter) })
			list = sortedByName(list, func(p *modelProject) any { return p.facts["name"] })
			if byChange {
				slices.SortFunc(list, func(a, b *modelProject) int { return b.updatedAt.Compare(a.updatedAt) })
			}
			few := list[:min(first, len(list))]
			return map[string]any{"organization": map[string]any{"projects": map[string]any{
				"totalCount": len(list), "pageInfo": map[string]any{"hasNextPage": len(list) > first},
				"nodes": items(few, func(p *modelProject, _ int) any { return map[string]any{"id": &p.modelThing} }),
				"edges": items(few, func(p *modelProject, _ int) any {
					return map[string]any{"node": map[string]any{"slug": p.facts["slug"]}}
				}),
			}}}
		},
	}
}

func (p *modelProject) passes(filter map[string]any) bool {
	if team := filter["team"]; team != nil && p.facts["team"] != team {
		return false
	}
	if v := filter["visibility"]; v != nil && p.facts["visibility"] != v {
		return false
	}
	if uses, isGiven := filter["uses"].([]string); isGiven && !slices.ContainsFunc(uses, p.runs) {
		return false
	}
	words := strings.Fields(strings.ToLower(fmt.Sprint(p.facts["slug"], " ", p.facts["name"], " ", p.facts["description"])))
	search, _ := filter["search"].(string)
	return !slices.ContainsFunc(strings.Fields(search), func(wanted string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, wanted) })
	})
}
