package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"stackyard/internal/enum"
)

// dice decide who does what. The same seed decides the same on every database.
type dice struct{ *rand.Rand }

func pick[T any](d dice, list ...T) T { return list[d.IntN(len(list))] }

// in says yes once in so many times.
func (d dice) in(n int) bool { return d.IntN(n) == 0 }

var everyRole = []enum.OrganizationRole{enum.RoleViewer, enum.RoleEditor, enum.RoleMaintainer, enum.RoleOwner}

// anyone is a user, or nobody.
func (d dice) anyone(w *world) *modelUser {
	if d.in(12) {
		return nil
	}
	return pick(d, w.users...)
}

// somebody is, most of the time, a member of an organisation who has the role.
func (d dice) somebody(w *world, o *modelOrganization, role enum.OrganizationRole) *modelUser {
	var able []*modelUser
	if o != nil {
		for _, m := range o.members {
			if m.role.Includes(role) {
				able = append(able, m.user)
			}
		}
	}
	if len(able) == 0 || d.in(4) {
		return d.anyone(w)
	}
	return pick(d, able...)
}

// node is an object of a kind, most of the time one that is there.
func node[T modelNode](d dice, w *world) (n modelNode, owner *modelOrganization) {
	var there, all []modelNode
	for _, n := range w.nodes {
		if _, isOfType := n.(T); isOfType {
			all = append(all, n)
			if !n.thing().isGone {
				there = append(there, n)
			}
		}
	}
	switch {
	case len(all) == 0 || d.in(40):
		n = pick(d, w.nodes...)
	case len(there) == 0 || d.in(20):
		n = pick(d, all...)
	default:
		n = pick(d, there...)
	}
	return n, ownerInModel(n)
}

// sample are some objects, of which half are there.
func (d dice) sample(w *world, n int) []modelNode {
	var out []modelNode
	for len(out) < n {
		n := pick(d, w.nodes...)
		if !n.thing().isGone || d.in(3) {
			out = append(out, n)
		}
	}
	return out
}

func (d dice) slug() string {
	return pick(d, "acme", "blue", "corp", "dune", "echo")
}

func (d dice) name() string {
	return pick(d, "Alpha", "beta", "Gamma", "delta") + " " + pick(d, "One", "two", "Three")
}

// email is that of a user, in one way to write it, or nobody's.
func (d dice) email(w *world) string {
	if d.in(10) {
		return "stranger@example.org"
	}
	address := pick(d, w.users...).token.Email
	if d.in(3) {
		return strings.ToUpper(address)
	}
	return address
}

// some gives an input some of the fields, each with a value.
func (d dice) some(input map[string]any, fields map[string]func() any) map[string]any {
	for _, field := range slices.Sorted(mapsKeys(fields)) {
		if d.in(3) {
			input[field] = fields[field]()
		}
	}
	return input
}

func mapsKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// revised is an input that expects, now and then, a revision.
func (d dice) revised(input map[string]any, revision int) map[string]any {
	if d.in(4) {
		input["expectedRevision"] = max(1, revision-d.IntN(2))
	}
	return input
}

func revisionOf(n modelNode) int {
	switch n := n.(type) {
	case *modelOrganization:
		return n.revision
	case *modelProject:
		return n.revision
	case *modelReview:
		return n.revision
	}
	return 1
}

func (d dice) facts(input map[string]any) map[string]any {
	return d.some(input, map[string]func() any{
		"description":      func() any { return pick[any](d, nil, "Sells things", "What others build on") },
		"team":             func() any { return pick[any](d, nil, "core", "shop") },
		"visibility":       func() any { return pick(d, "PRIVATE", "PRIVATE", "PUBLIC") },
		"useCase":          func() any { return pick[any](d, nil, "api-first", "small-medium-web") },
		"traffic":          func() any { return pick[any](d, nil, "LOW", "HIGH") },
		"hasUserAccounts":  func() any { return pick[any](d, nil, true, false) },
		"isInternetFacing": func() any { return pick[any](d, nil, true, false) },
	})
}

func (d dice) cost() any {
	return pick[any](d, nil, map[string]any{"amount": 10 * d.IntN(3), "currency": pick(d, "EUR", "USD")})
}

func (d dice) stack(isNoted bool) []map[string]any {
	out := []map[string]any{}
	for range d.IntN(mostComponents + 2) {
		r := pick(d, runnable...)
		c := map[string]any{"technology": r.given}
		if r.version != "" {
			c["version"] = r.version
		}
		if isNoted && d.in(2) {
			c["ring"], c["note"] = pick[any](d, nil, "ADOPT", "HOLD"), pick[any](d, nil, "watch it", "as agreed")
		}
		out = append(out, c)
	}
	return out
}

// step is what somebody does next.
func (d dice) step(w *world) step {
	w.now = w.now.Add(time.Second)
	if d.in(60) {
		w.now = w.now.Add(20 * time.Minute)
	}
	if d.in(3) {
		return d.read(w)
	}
	switch n := d.IntN(100); {
	case n < 12 || len(w.organizations) == 0:
		return d.found(w)
	case n < 45:
		return d.govern(w)
	case n < 85:
		return d.build(w)
	}
	return d.review(w)
}

func (d dice) found(w *world) step {
	if len(w.organizations) < 3 || d.in(4) {
		return w.createOrganization(d.anyone(w), d.slug(), d.name())
	}
	o, owner := node[*modelOrganization](d, w)
	if d.in(20) {
		return w.deleteOrganization(d.somebody(w, owner, enum.RoleOwner), o)
	}
	input := d.revised(map[string]any{}, revisionOf(o))
	d.some(input, map[string]func() any{"slug": func() any { return d.slug() }, "name": func() any { return d.name() }})
	return w.updateOrganization(d.somebody(w, owner, enum.RoleOwner), o, input)
}

// govern is about members and rules.
func (d dice) govern(w *world) step {
	o, owner := node[*modelOrganization](d, w)
	by := d.somebody(w, owner, enum.RoleOwner)
	switch n := d.IntN(100); {
	case n < 30:
		return w.inviteMember(by, o, d.email(w), pick(d, everyRole...))
	case n < 60:
		return d.accept(w)
	case n < 70:
		i, of := node[*modelInvitation](d, w)
		return w.revokeInvitation(d.somebody(w, of, enum.RoleOwner), i)
	case n < 82:
		return w.setMemberRole(by, o, d.memberOf(w, owner), pick(d, everyRole...))
	case n < 86:
		return w.removeMember(by, o, d.memberOf(w, owner))
	case n < 90:
		return w.leaveOrganization(d.somebody(w, owner, enum.RoleViewer), o)
	case n < 93:
		who := pick(d, w.users...)
		return w.rename(who, who.token.Subject+pick(d, "", " the second", fmt.Sprint(d.IntN(3))))
	}
	input := d.revised(map[string]any{"disabledRules": everyRule}, revisionOf(o))
	d.some(input, map[string]func() any{
		"endOfLifeHorizonDays": func() any { return pick(d, 90, 180) },
		"allowedLicenses":      func() any { return pick[any](d, nil, []string{}, []string{"MIT", "Apache-2.0"}) },
	})
	return w.setOrganizationRules(d.somebody(w, owner, enum.RoleMaintainer), o, input)
}

// accept takes up an invitation that is for somebody, most of the time.
func (d dice) accept(w *world) step {
	var yes []func() step
	for _, o := range w.organizations {
		for _, i := range o.waiting(w.now) {
			for _, u := range w.users {
				if i.isFor(u) {
					yes = append(yes, func() step { return w.acceptInvitation(u, i) })
				}
			}
		}
	}
	if len(yes) > 0 && !d.in(4) {
		return pick(d, yes...)()
	}
	i, _ := node[*modelInvitation](d, w)
	return w.acceptInvitation(d.anyone(w), i)
}

// memberOf names a member as a user, most of the time.
func (d dice) memberOf(w *world, o *modelOrganization) modelNode {
	if o == nil || len(o.members) == 0 || d.in(5) {
		u, _ := node[*modelUser](d, w)
		return u
	}
	return pick(d, o.members...).user
}

// build is about projects and stacks.
func (d dice) build(w *world) step {
	p, owner := node[*modelProject](d, w)
	switch n := d.IntN(100); {
	case n < 30:
		o, of := node[*modelOrganization](d, w)
		input := d.facts(map[string]any{"slug": d.slug(), "name": d.name()})
		if d.in(2) {
			input["monthlyCost"] = d.cost()
		}
		var stack []map[string]any
		if d.in(2) {
			stack = d.stack(false)
		}
		return w.createProject(d.somebody(w, of, enum.RoleMaintainer), o, input, stack)
	case n < 65:
		input := d.facts(d.revised(map[string]any{}, revisionOf(p)))
		d.some(input, map[string]func() any{"slug": func() any { return d.slug() }, "name": func() any { return d.name() }})
		if d.in(4) {
			input["monthlyCost"] = d.cost()
		}
		return w.updateProject(d.somebody(w, owner, enum.RoleEditor), p, input)
	case n < 75:
		return w.deleteProject(d.somebody(w, owner, enum.RoleMaintainer), p)
	}
	var expected any
	if d.in(4) {
		expected = max(1, revisionOf(p)-d.IntN(2))
	}
	return w.setStack(d.somebody(w, owner, enum.RoleEditor), p, d.stack(true), expected)
}

func (d dice) review(w *world) step {
	r, _ := node[*modelReview](d, w)
	by := d.anyone(w)
	if r, isOne := r.(*modelReview); isOne && d.in(2) {
		by = r.author
	}
	body := func() any { return pick[any](d, nil, "Works", "Breaks") }
	switch n := d.IntN(100); {
	case n < 35:
		return w.createReview(d.anyone(w), pick(d, w.technologies...), 1+d.IntN(5), body())
	case n < 55:
		input := d.revised(map[string]any{}, revisionOf(r))
		return w.updateReview(by, r, d.some(input, map[string]func() any{"rating": func() any { return 1 + d.IntN(5) }, "body": body}))
	case n < 70:
		return w.deleteReview(by, r)
	}
	if d.in(2) {
		by = w.user("mod")
	}
	return w.moderateReview(by, r, d.in(2), pick[any](d, nil, "rude", "checked"))
}

// read asks for something; beside it stands how one asks for what there never was.
func (d dice) read(w *world) step {
	s := d.question(w)
	s.unknown = w.unknown(w.as(s.by), s.variables)
	return s
}

func (d dice) question(w *world) step {
	by, slug := d.anyone(w), d.slug()
	if len(w.organizations) > 0 {
		o := pick(d, w.organizations...)
		by, slug = d.somebody(w, o, pick(d, everyRole...)), o.facts["slug"].(string)
	}
	if d.in(8) {
		slug = d.slug()
	}
	switch n := d.IntN(100); {
	case n < 30:
		return readNodes(by, d.sample(w, 20))
	case n < 40:
		return readNode(by, d.sample(w, 1)[0])
	case n < 60:
		return readOrganization(by, slug)
	case n < 70:
		return readViewer(d.anyone(w))
	case n < 80:
		return readTechnology(by, pick(d, w.technologies...))
	case n < 85:
		return readCatalogChanges(by)
	}
	filter := d.some(map[string]any{}, map[string]func() any{
		"search": func() any { return pick(d, "alp", "two", "what others", "echo", "things", "none") },
		"team":   func() any { return pick(d, "core", "shop") },
		"uses": func() any {
			return pick(d, []string{}, []string{"nodejs"}, []string{"redis", "postgresql"}, []string{"homemade"})
		},
		"visibility": func() any { return pick(d, "PRIVATE", "PUBLIC") },
	})
	return readProjects(by, slug, filter, 1+d.IntN(4), d.in(2))
}
