package graph_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

func TestRolesAreGivenAndTaken(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada, mel, vic := a.as(named("ada")), a.as(named("mel")), a.as(named("vic"))
		of := func(name string, more ...any) input {
			in := input{"organizationId": acme.organization, "userId": acme.users[name]}
			for i := 0; i < len(more); i += 2 {
				in[more[i].(string)] = more[i+1]
			}
			return in
		}
		const shown = "member { role user { name } }"
		if got := ada.did("setMemberRole", shown, of("vic", "role", "EDITOR")); got != "EDITOR vic" {
			t.Error(got)
		}
		if got := ada.did("setMemberRole", shown, of("vic", "role", "EDITOR")); got != "EDITOR vic" {
			t.Errorf("the second time: %s", got)
		}
		if got := vic.outcome("updateProject", input{"projectId": acme.project, "name": "By vic"}); got != "done" {
			t.Errorf("vic's new role: %s", got)
		}
		ada.does("setMemberRole", of("mel", "role", "OWNER"))
		if got := mel.did("setMemberRole", shown, of("ada", "role", "VIEWER")); got != "VIEWER ada" {
			t.Error(got)
		}
		if got := ada.outcome("setMemberRole", of("mel", "role", "VIEWER")); got != "FORBIDDEN OWNER" {
			t.Errorf("somebody who was an owner: %s", got)
		}
		if got := mel.does("removeMember", of("ada")); got != acme.users["ada"] {
			t.Errorf("the id is %s", got)
		}
		if got := ada.values(`query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": acme.organization}); got != "null" {
			t.Errorf("somebody who was removed sees %s", got)
		}
		if got := vic.does("leaveOrganization", input{"organizationId": acme.organization}); got != acme.organization {
			t.Errorf("the id is %s", got)
		}
		want := []string{
			"MEMBER UPDATED role by ada", "PROJECT UPDATED name by vic", "MEMBER UPDATED role by ada", "MEMBER UPDATED role by mel",
			"MEMBER DELETED by mel", "MEMBER DELETED by vic",
		}
		got := mel.changes(acme.organization)
		if diff := cmp.Diff(want, got[len(got)-len(want):]); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOnlyMembersAreFoundAsMembers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		var stranger string
		write(t, db, func(w rows) {
			zoe := w.user("zoe")
			w.organization("zoes", zoe)
			w.review(w.technology("redis"), zoe, 0, false) // ada may know of zoe, too
			stranger = zoe.GlobalID().String()
		})
		ada := a.as(named("ada"))
		for _, id := range []string{stranger, nobodys(relay.TypeUser), acme.organization} {
			in := input{"organizationId": acme.organization, "userId": id}
			if got := ada.rejects("removeMember", in); got != "NOT_FOUND input.userId" {
				t.Errorf("removing: %s", got)
			}
			in["role"] = "EDITOR"
			if got := ada.rejects("setMemberRole", in); got != "NOT_FOUND input.userId" {
				t.Errorf("giving a role: %s", got)
			}
		}
	})
}

func TestTheLastOwnerStays(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada, mel := a.as(named("ada")), a.as(named("mel"))
		in := input{"organizationId": acme.organization, "userId": acme.users["ada"]}
		refusals := func() []string {
			in["role"] = "MAINTAINER"
			role := ada.rejects("setMemberRole", in)
			delete(in, "role")
			return []string{role, ada.rejects("removeMember", in), ada.rejects("leaveOrganization", input{"organizationId": acme.organization})}
		}
		want := []string{"IN_USE input.role", "IN_USE input.userId", "IN_USE input.organizationId"}
		if diff := cmp.Diff(want, refusals()); diff != "" {
			t.Error(diff)
		}
		in["role"] = "OWNER"
		ada.does("setMemberRole", in) // as it is
		delete(in, "role")
		ada.does("setMemberRole", input{"organizationId": acme.organization, "userId": acme.users["mel"], "role": "OWNER"})
		mel.does("leaveOrganization", input{"organizationId": acme.organization})
		if diff := cmp.Diff(want, refusals()); diff != "" {
			t.Errorf("after another one has left: %s", diff)
		}
	})
}

// TestOfOwnersWhoLeaveAtOnceOneStays lets owners leave, demote themselves and
// remove each other at the same time.
func TestOfOwnersWhoLeaveAtOnceOneStays(t *testing.T) {
	t.Parallel()
	ways := []struct {
		mutation string
		in       func(of tenant, self, other string) input
	}{
		{"leaveOrganization", func(of tenant, _, _ string) input { return input{"organizationId": of.organization} }},
		{"setMemberRole", func(of tenant, self, _ string) input {
			return input{"organizationId": of.organization, "userId": of.users[self], "role": "VIEWER"}
		}},
		{"removeMember", func(of tenant, _, other string) input {
			return input{"organizationId": of.organization, "userId": of.users[other]}
		}},
		{"setMemberRole", func(of tenant, _, other string) input {
			return input{"organizationId": of.organization, "userId": of.users[other], "role": "EDITOR"}
		}},
	}
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		for i := range 16 {
			way, second := ways[i%4], ways[i/4]
			acme := tenantOf(t, db, "acme-"+string(rune('a'+i)), enum.VisibilityPrivate)
			ada, mel := a.as(named("ada")), a.as(named("mel"))
			ada.does("setMemberRole", input{"organizationId": acme.organization, "userId": acme.users["mel"], "role": "OWNER"})
			outcomes := atOnce(2, func(i int) string {
				if i == 0 {
					return ada.outcome(way.mutation, way.in(acme, "ada", "mel"))
				}
				return mel.outcome(second.mutation, second.in(acme, "mel", "ada"))
			})
			var owners int
			write(t, db, func(w rows) {
				members, err := w.tx.Member.Query().All(w.ctx)
				w.must(err)
				for _, m := range members {
					if m.OrganizationID == acme.key && m.Role == enum.RoleOwner {
						owners++
					}
				}
			})
			// Where one removes the other, who demotes or removes themselves as well, both may be done; never with nobody left.
			if owners != 1 || !slices.Contains(outcomes, "done") {
				t.Errorf("%s beside %s: %v, and %d owners", way.mutation, second.mutation, outcomes, owners)
			}
			for _, o := range outcomes {
				switch o {
				case "done", "IN_USE input.organizationId", "IN_USE input.role", "IN_USE input.userId", "NOT_FOUND input.organizationId",
					"FORBIDDEN OWNER", "NOT_FOUND input.userId":
				default:
					t.Errorf("%s beside %s: %s", way.mutation, second.mutation, o)
				}
			}
		}
	})
}
