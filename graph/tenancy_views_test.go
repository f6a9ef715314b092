package graph_test

import (
	"slices"
	"strings"

	"stackyard/internal/auth"
	"stackyard/internal/enum"
)

// What is selected of each type; beside each, what the model says that it gives.
// Where two types have fields of one name and different types, they have other names here.
const (
	userSelection       = `id name address: email reviews(first: 100) { totalCount nodes { id } }`
	memberSelection     = `id role since user { id name address: email }`
	invitationSelection = `id organizationName role email expiresAt`
	componentSelection  = `id given: name runs: technology { slug } installedVersion releaseCycle { name } ring note purl project { id slug }`
	reviewSelection     = `id about: technology { slug } author { id name } rating body isHidden moderationNote ` +
		`edition: revision writtenAt: createdAt editedAt: updatedAt`
	projectSelection = `id organization { id slug viewerRole } slug name description team visibility useCase { slug } traffic hasUserAccounts ` +
		`isInternetFacing monthlyCost { amount currency } revision createdAt updatedAt stack(first: 100) { totalCount nodes { ` + componentSelection + ` } }`
	organizationSelection = `id slug name viewerRole members(first: 100) { totalCount nodes { ` + memberSelection + ` } } ` +
		`projects(first: 100) { totalCount nodes { ` + projectSelection + ` } } invitations { ` + invitationSelection + ` } ` +
		`rules { endOfLifeHorizonDays allowedLicenses disabledRules } revision createdAt`
	changeSelection = `nodes { at operation subjectType subjectId subject { id } fields actor { id } } pageInfo { hasPreviousPage }`
)

// A technology is looked at for who uses it and what people say of it.
const technologySelection = `id usedBy(first: 100) { totalCount nodes { id slug name team } } ` +
	`score: rating { average count distribution } reviews(first: 100) { totalCount nodes { ` + reviewSelection + ` } }`

func (u *modelUser) show(e *eyes, at place) map[string]any {
	return map[string]any{
		"id": &u.modelThing, "name": u.token.Name, "address": e.address(u, at),
		"reviews": fullPage(seen(e, e.reviewsBy(u)), func(r *modelReview, _ int) any { return map[string]any{"id": &r.modelThing} }),
	}
}

func (e *eyes) address(u *modelUser, at place) any {
	return e.scoped("User", at.at("address"), auth.ScopeUsersRead, u.token.Email)
}

func (m *modelMember) show(e *eyes, at place) map[string]any {
	return map[string]any{"id": &m.modelThing, "role": m.role, "since": stamp(m.since), "user": map[string]any{
		"id": &m.user.modelThing, "name": m.user.token.Name, "address": e.address(m.user, at.at("user")),
	}}
}

func (i *modelInvitation) show(*eyes, place) map[string]any {
	return map[string]any{
		"id": &i.modelThing, "organizationName": i.of.facts["name"], "role": i.role, "email": i.email, "expiresAt": stamp(i.expiresAt),
	}
}

func (c *modelComponent) show(e *eyes, at place) map[string]any {
	out := map[string]any{
		"id": &c.modelThing, "runs": bySlugOrNull(c.facts["technology"]),
		"project": map[string]any{"id": &c.of.modelThing, "slug": c.of.facts["slug"]},
	}
	for name, value := range map[string]any{
		"given": c.facts["name"], "installedVersion": c.facts["installedVersion"], "ring": c.facts["ring"], "note": c.facts["note"], "purl": nil,
		"releaseCycle": cycleInUse(c.facts),
	} {
		out[name] = e.guarded("StackComponent", at.at(name), enum.RoleViewer, c.of.of, func() any { return value })
	}
	return out
}

// cycleInUse is the release cycle of a component, as the catalogue has it.
func cycleInUse(f facts) any {
	for _, r := range runnable {
		if r.technology != "" && f["technology"] == r.technology && f["installedVersion"] == r.version && r.cycle != "" {
			return map[string]any{"name": r.cycle}
		}
	}
	return nil
}

func bySlugOrNull(slug any) any {
	if slug == nil {
		return nil
	}
	return map[string]any{"slug": slug}
}

func (r *modelReview) show(e *eyes, at place) map[string]any {
	return map[string]any{
		"id": &r.modelThing, "about": map[string]any{"slug": r.of.slug}, "rating": r.facts["rating"], "body": r.facts["body"], "isHidden": r.isHidden,
		"author":         map[string]any{"id": &r.author.modelThing, "name": r.author.token.Name},
		"moderationNote": e.scoped("Review", at.at("moderationNote"), auth.ScopeReviewsModerate, r.note),
		"edition":        r.revision, "writtenAt": stamp(r.createdAt), "editedAt": stamp(r.updatedAt),
	}
}

func (p *modelProject) show(e *eyes, at place) map[string]any {
	out := map[string]any{
		"id": &p.modelThing, "organization": map[string]any{"id": &p.of.modelThing, "slug": p.of.facts["slug"], "viewerRole": orNull(e.role(p.of))},
	}
	for _, name := range []string{"slug", "name", "description", "visibility"} {
		out[name] = p.facts[name]
	}
	for name, value := range map[string]any{
		"team": p.facts["team"], "useCase": bySlugOrNull(p.facts["useCase"]), "traffic": p.facts["traffic"],
		"hasUserAccounts": p.facts["hasUserAccounts"], "isInternetFacing": p.facts["isInternetFacing"],
		"revision": p.revision, "createdAt": stamp(p.createdAt), "updatedAt": stamp(p.updatedAt),
	} {
		out[name] = e.guarded("Project", at.at(name), enum.RoleViewer, p.of, func() any { return value })
	}
	out["monthlyCost"] = e.guarded("Project", at.at("monthlyCost"), enum.RoleMaintainer, p.of, func() any { return p.facts["monthlyCost"] })
	out["stack"] = fullPage(seen(e, p.stack), func(c *modelComponent, i int) any { return c.show(e, at.at("stack", "nodes", i)) })
	return out
}

func (o *modelOrganization) show(e *eyes, at place) map[string]any {
	projects := sortedByName(seen(e, o.projects), func(p *modelProject) any { return p.facts["name"] })
	return map[string]any{
		"id": &o.modelThing, "slug": o.facts["slug"], "name": o.facts["name"], "viewerRole": orNull(e.role(o)),
		"members": e.guarded("Organization", at.at("members"), enum.RoleViewer, o, func() any {
			return fullPage(o.members, func(m *modelMember, i int) any { return m.show(e, at.at("members", "nodes", i)) })
		}),
		"projects": fullPage(projects, func(p *modelProject, i int) any { return p.show(e, at.at("projects", "nodes", i)) }),
		"invitations": e.guarded("Organization", at.at("invitations"), enum.RoleOwner, o, func() any {
			return items(o.waiting(e.now), func(i *modelInvitation, n int) any { return i.show(e, at.at("invitations", n)) })
		}),
		"rules":     e.guarded("Organization", at.at("rules"), enum.RoleViewer, o, func() any { return o.rules }),
		"revision":  e.guarded("Organization", at.at("revision"), enum.RoleViewer, o, func() any { return o.revision }),
		"createdAt": e.guarded("Organization", at.at("createdAt"), enum.RoleViewer, o, func() any { return stamp(o.createdAt) }),
	}
}

func (t *modelTechnology) show(e *eyes, at place) map[string]any {
	var users []*modelProject
	for _, n := range slices.Backward(e.nodes) {
		if p, ok := n.(*modelProject); ok && !p.isGone && p.isSeen(e) && p.runs(t.slug) {
			users = append(users, p)
		}
	}
	reviews := seen(e, slices.Collect(backwards(t.reviews)))
	return map[string]any{
		"id": &t.modelThing, "score": t.rating(),
		"usedBy": fullPage(users, func(p *modelProject, i int) any {
			return map[string]any{
				"id": &p.modelThing, "slug": p.facts["slug"], "name": p.facts["name"],
				"team": e.guarded("Project", at.at("usedBy", "nodes", i, "team"), enum.RoleViewer, p.of, func() any { return p.facts["team"] }),
			}
		}),
		"reviews": fullPage(reviews, func(r *modelReview, i int) any { return r.show(e, at.at("reviews", "nodes", i)) }),
	}
}

func (p *modelProject) runs(slug string) bool {
	return slices.ContainsFunc(p.stack, func(c *modelComponent) bool { return c.facts["technology"] == slug })
}

// rating counts the reviews that are shown.
func (t *modelTechnology) rating() map[string]any {
	sum, count, distribution := 0, 0, make([]int, 5)
	for _, r := range t.reviews {
		if !r.isHidden {
			rating := r.facts["rating"].(int)
			sum, count = sum+rating, count+1
			distribution[rating-1]++
		}
	}
	out := map[string]any{"average": nil, "count": count, "distribution": distribution}
	if count > 0 {
		out["average"] = float64(sum) / float64(count)
	}
	return out
}

// sortedByName orders by the folded name, and then as they were made.
func sortedByName[T any](list []T, name func(T) any) []T {
	slices.SortStableFunc(list, func(a, b T) int {
		return strings.Compare(strings.ToLower(name(a).(string)), strings.ToLower(name(b).(string)))
	})
	return list
}

// fullPage is a connection that holds a whole list.
func fullPage[T any](list []T, show func(item T, i int) any) map[string]any {
	return map[string]any{"totalCount": len(list), "nodes": items(list, show)}
}

func items[T any](list []T, show func(item T, i int) any) []any {
	out := make([]any, len(list))
	for i, item := range list {
		out[i] = show(item, i)
	}
	return out
}

func orNull(role enum.OrganizationRole) any {
	if role == "" {
		return nil
	}
	return role
}

func backwards[T any](list []T) func(yield func(T) bool) {
	return func(yield func(T) bool) {
		for _, item := range slices.Backward(list) {
			if !yield(item) {
				return
			}
		}
	}
}
