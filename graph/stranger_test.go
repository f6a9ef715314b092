package graph_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stackyard/internal/auth"
	"stackyard/internal/store"
)

// mark stands in all that strangers may not know of.
const mark = "sekrit"

// marked is a viewer whose name and address are for fellows alone.
func marked(name string) *auth.Viewer {
	v := named(name, allScopes...)
	v.Name, v.Email = mark+" "+name, mark+"-"+name+"@example.org"
	return v
}

// secrets are what there is: an organisation that nobody else knows of, one that is
// known by a project, and a review that is hidden.
type secrets struct {
	hidden, open                        string // organisations
	closed, shop, other, review, cursor string
	findings, ids                       []string
}

// hide makes them.
func hide(a *api) secrets {
	ada, bob, cat := a.as(marked("ada")), a.as(marked("bob")), a.as(named("cat"))
	s := secrets{}
	redis := a.values(`{ technology(slug: "redis") { id } }`, nil)
	ada.does("updateTechnology", input{"technologyId": redis, "curatorNotes": mark})
	s.hidden = ada.does("createOrganization", input{"slug": mark + "-acme", "name": mark})
	s.open = ada.does("createOrganization", input{"slug": "open", "name": "Open"})
	stack := []input{{"technology": "redis", "version": "8.2.1"}, {"technology": mark + " sauce"}}
	s.closed = ada.does("createProject", input{"organizationId": s.hidden, "slug": mark + "-one", "name": mark, "team": mark, "stack": stack})
	s.other = ada.does("createProject", input{"organizationId": s.open, "slug": mark + "-two", "name": mark, "description": mark, "stack": stack})
	s.shop = ada.does("createProject", input{"organizationId": s.open, "slug": "shop", "name": "Shop", "team": mark, "visibility": "PUBLIC"})
	ada.does("setStack", input{"projectId": s.shop, "components": []input{
		{"technology": "redis", "version": "8.2.1", "note": mark}, {"technology": mark + " glue", "note": mark},
	}})
	invitation := ada.does("inviteMember", input{"organizationId": s.open, "email": mark + "-bob@example.org", "role": "EDITOR"})
	bob.does("acceptInvitation", input{"invitationId": invitation})
	waiting := ada.does("inviteMember", input{"organizationId": s.hidden, "email": mark + "@example.org", "role": "OWNER"})
	s.review = bob.does("createReview", input{"technologyId": redis, "rating": 1, "body": mark})
	ada.does("moderateReview", input{"reviewId": s.review, "hidden": true, "note": mark})
	shown := cat.does("createReview", input{"technologyId": redis, "rating": 4, "body": "Works"})
	known := ada.values(`query($ids: [ID!]!) { nodes(ids: $ids) { ... on Organization { members { nodes { id user { id } } } projects { nodes { stack { nodes { id } } } } } } }`,
		map[string]any{"ids": []string{s.hidden, s.open}})
	s.findings = strings.Fields(ada.values(`query($ids: [ID!]!) { nodes(ids: $ids) { ... on Organization { findings { nodes { id } } } } }`,
		map[string]any{"ids": []string{s.hidden, s.open}}))
	ada.does("acknowledgeFinding", input{"findingId": s.findings[0], "reason": mark, "until": "2027-01-01"})
	s.ids = append(append(strings.Fields(known), s.findings...), redis, s.hidden, s.open, s.closed, s.other, s.shop, waiting, s.review, shown)
	s.cursor = ada.values(`query($id: ID!) { node(id: $id) { ... on Organization { projects(first: 1) { pageInfo { endCursor } } } } }`, map[string]any{"id": s.open})
	return s
}

// disturb changes all of it, and makes more.
func disturb(a *api, s secrets) {
	ada, bob := a.as(marked("ada")), a.as(marked("bob"))
	ada.does("updateOrganization", input{"organizationId": s.hidden, "slug": mark + "-moved", "name": mark + " anew"})
	ada.does("acknowledgeFinding", input{"findingId": s.findings[0], "reason": mark + " again", "until": "2027-02-01"})
	ada.does("acknowledgeFinding", input{"findingId": s.findings[len(s.findings)-1], "reason": mark, "until": "2027-01-01"})
	ada.does("resetCalendarFeed", input{"organizationId": s.open})
	ada.does("setOrganizationRules", input{"organizationId": s.open, "disabledRules": []string{"OUTDATED"}})
	ada.does("inviteMember", input{"organizationId": s.open, "email": "out@example.net", "role": "VIEWER"})
	for _, of := range []string{s.hidden, s.open} {
		ada.does("createProject", input{"organizationId": of, "slug": "aaa", "name": "Aaa", "stack": []input{{"technology": "redis"}, {"technology": "nodejs"}}})
	}
	ada.does("updateProject", input{"projectId": s.shop, "team": "other", "traffic": "HIGH", "monthlyCost": input{"amount": 7, "currency": "EUR"}})
	ada.does("setStack", input{"projectId": s.shop, "components": []input{
		{"technology": mark + " more"}, {"technology": "redis", "version": "7.4.0", "ring": "HOLD"}, {"technology": mark + " glue"},
	}})
	ada.does("deleteProject", input{"projectId": s.other})
	ada.does("setMemberRole", input{"organizationId": s.open, "userId": bob.values(`{ viewer { user { id } } }`, nil), "role": "MAINTAINER"})
	bob.does("updateReview", input{"reviewId": s.review, "rating": 5, "body": mark + " again"})
}

// TestStrangersCannotTellWhatIsPrivate asks anything at all about what strangers may
// not know of: no answer holds any of it, and none is another once all of it is.
func TestStrangersCannotTellWhatIsPrivate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		s := hide(a)
		d := &documents{
			dice: dice{rand.New(rand.NewPCG(*tenancySeed, 1))}, schema: loadSchema(t), ids: s.ids, cursor: s.cursor,
			roots: []string{"node", "nodes", "organization", "technology"},
			texts: []string{"redis", "nodejs", "open", mark, mark + "-acme"},
		}
		strangers := map[string]*api{"nobody": a, "out": a.as(named("out", auth.ScopeCatalogSync))}
		asked := make([]string, 250)
		was, insiders := map[string]string{}, 0
		for i := range asked {
			asked[i] = d.next()
			if r := a.as(marked("ada")).ask(asked[i], nil); strings.Contains(string(r.Data), mark) {
				insiders++
			}
			for name, stranger := range strangers {
				r := stranger.ask(asked[i], nil)
				was[name+asked[i]] = r.inOrder()
				if strings.Contains(was[name+asked[i]], mark) || hasCode(r, "INTERNAL") || hasCode(r, "GRAPHQL_VALIDATION_FAILED") {
					t.Fatalf("-tenancy-seed=%d, %s: %s\n%s\n%s", *tenancySeed, name, asked[i], was[name+asked[i]], a.log)
				}
			}
		}
		if insiders < len(asked)/8 {
			t.Errorf("only %d of the documents ask for something that is private", insiders)
		}
		disturb(a, s)
		for _, document := range asked {
			for name, stranger := range strangers {
				if is := stranger.ask(document, nil).inOrder(); is != was[name+document] {
					t.Fatalf("-tenancy-seed=%d, %s: %s\nbefore %s\nafter  %s", *tenancySeed, name, document, was[name+document], is)
				}
			}
		}
	})
}

// inOrder writes an answer with its errors in an order: they come as places are met.
func (r reply) inOrder() string {
	slices.SortFunc(r.Errors, func(a, b problem) int { return strings.Compare(asJSON(a), asJSON(b)) })
	return asJSON(r)
}

func hasCode(r reply, code string) bool {
	for _, e := range r.Errors {
		if e.Extensions["code"] == code {
			return true
		}
	}
	return false
}
