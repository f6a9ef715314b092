package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/member"
	"stackyard/internal/auth"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// team is an organisation with somebody of each role.
type team struct {
	acme    *ent.Organization
	shop    *ent.Project
	members map[string]*ent.Member // by name
}

// found writes the team, and a user who is none of it. What is after their names
// tells teams of one database from each other.
func found(t *testing.T, db *store.DB, after string) team {
	t.Helper()
	of := team{members: map[string]*ent.Member{}}
	write(t, db, func(w rows) {
		ada := w.user("ada" + after)
		of.acme = w.organization("acme"+after, ada)
		of.members["ada"] = w.tx.Member.Query().Where(member.UserID(ada.ID)).OnlyX(w.ctx)
		for name, role := range map[string]enum.OrganizationRole{"mel": enum.RoleMaintainer, "eve": enum.RoleEditor, "vic": enum.RoleViewer} {
			of.members[name] = w.member(of.acme, w.user(name+after), role)
		}
		w.user("out" + after)
		of.shop = w.project(of.acme, "shop", enum.VisibilityPrivate)
	})
	return of
}

// id is the team's organisation as variables.
func (of team) id() map[string]any { return map[string]any{"id": of.acme.GlobalID().String()} }

// role gives a member another role.
func (of team) role(w rows, name string, role enum.OrganizationRole) {
	w.must(w.tx.Member.UpdateOne(of.members[name]).SetRole(role).Exec(w.ctx))
}

// dismiss ends a membership.
func (of team) dismiss(w rows, name string) {
	w.must(w.tx.Member.DeleteOne(of.members[name]).Exec(w.ctx))
}

// set changes the shop: what viewers may know of.
func (of team) set(w rows, name string) {
	w.must(w.tx.Project.UpdateOne(of.shop).SetName(name).Exec(w.ctx))
}

// rename changes the organisation: what maintainers may know of.
func (of team) rename(w rows, name string) {
	w.must(w.tx.Organization.UpdateOne(of.acme).SetName(name).Exec(w.ctx))
}

const organizationChanged = `subscription($id: ID!, $after: String) { organizationChanged(organizationId: $id, after: $after) {
	node { subjectType operation fields subject { ... on Project { name } ... on Organization { name } ... on Member { role } } } } }`

func TestAnOrganizationsChangesAreForItsMembers(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		of := found(t, db, "")
		streams := map[string]*stream{}
		for name := range of.members {
			streams[name] = a.as(named(name)).subscribe(organizationChanged, of.id())
		}
		write(t, db, func(w rows) { of.rename(w, "ACME"); of.set(w, "Shop") })
		write(t, db, func(w rows) {
			w.must(w.tx.Project.UpdateOne(of.shop).SetCostAmount(3).SetCostCurrency("EUR").SetTeam("Core").Exec(w.ctx))
		})
		write(t, db, func(w rows) { w.must(w.tx.Project.UpdateOne(of.shop).SetCostAmount(4).Exec(w.ctx)) })
		write(t, db, func(w rows) { w.runs(of.shop, w.technology("go"), "go", "1.25") })
		for name, want := range map[string]string{
			"ada": "name UPDATED ACME ORGANIZATION; name UPDATED Shop PROJECT; monthlyCost team UPDATED Shop PROJECT; monthlyCost UPDATED Shop PROJECT; CREATED STACK_COMPONENT",
			"mel": "name UPDATED ACME ORGANIZATION; name UPDATED Shop PROJECT; monthlyCost team UPDATED Shop PROJECT; monthlyCost UPDATED Shop PROJECT; CREATED STACK_COMPONENT",
			"eve": "name UPDATED Shop PROJECT; team UPDATED Shop PROJECT; CREATED STACK_COMPONENT",
			"vic": "name UPDATED Shop PROJECT; team UPDATED Shop PROJECT; CREATED STACK_COMPONENT",
		} {
			var got []string
			for range strings.Count(want, ";") + 1 {
				got = append(got, streams[name].event())
			}
			if diff := cmp.Diff(want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestWhoIsNoMemberLearnsNothingOfAnOrganization(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		of := found(t, db, "")
		unknown := relay.ID{Type: relay.TypeOrganization, Key: 4711}.String()
		asked := func(v *auth.Viewer, id string) (string, []string) {
			s := a.in(t).as(v).subscribe(organizationChanged, map[string]any{"id": id})
			return strings.ReplaceAll(s.refused(), id, "ID"), s.statements()
		}
		known, cost := asked(named("out"), of.acme.GlobalID().String())
		same, sameCost := asked(named("out"), unknown)
		if diff := cmp.Diff(same, known); diff != "" || !strings.Contains(known, "NOT_FOUND") {
			t.Errorf("a stranger (-unknown +known):\n%s%s", diff, known)
		}
		if diff := cmp.Diff(sameCost, cost); diff != "" {
			t.Errorf("a stranger (-unknown +known):\n%s", diff)
		}
		if got, statements := asked(nil, of.acme.GlobalID().String()); !strings.Contains(got, "UNAUTHENTICATED") || len(statements) > 0 {
			t.Errorf("nobody: %s after %v", got, statements)
		}
		write(t, db, func(w rows) { w.project(of.acme, "site", enum.VisibilityPublic) })
		if got, _ := asked(named("out"), of.acme.GlobalID().String()); !strings.Contains(got, "FORBIDDEN") || !strings.Contains(got, `"requiredRole": "VIEWER"`) {
			t.Errorf("a visitor: %s", got)
		}
		if got, _ := asked(named("vic"), of.shop.GlobalID().String()); !strings.Contains(got, "NOT_FOUND") {
			t.Errorf("the id of a project: %s", got)
		}
	})
}

// TestWhoIsRemovedGetsNothingMore lets changes wait in every place where they can,
// before a member is removed.
func TestWhoIsRemovedGetsNothingMore(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		for waiting := range 4 {
			of, vic := found(t, db, fmt.Sprint(waiting)), a.in(t).as(named(fmt.Sprint("vic", waiting)))
			s := vic.subscribe(organizationChanged, of.id())
			write(t, db, func(w rows) { of.set(w, "0") })
			s.event()
			for i := range waiting {
				write(t, db, func(w rows) { of.set(w, fmt.Sprint(i+1)) })
			}
			write(t, db, func(w rows) { of.dismiss(w, "vic") })
			write(t, db, func(w rows) { of.set(w, "secret") })
			if got := s.ended(); got != "FORBIDDEN" {
				t.Errorf("with %d changes waiting it ended with %q", waiting, got)
			}
			if r, isThere := s.take(); isThere {
				t.Errorf("after the end comes %s", r.Data)
			}
			if got := vic.subscribe(organizationChanged, of.id()).refused(); !strings.Contains(got, "NOT_FOUND") {
				t.Errorf("who comes back is told %s", got)
			}
		}
	})
}

func TestARoleCountsFromTheNextEventOn(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		of := found(t, db, "")
		vic, mel := a.as(named("vic")).subscribe(organizationChanged, of.id()), a.as(named("mel")).subscribe(organizationChanged, of.id())
		write(t, db, func(w rows) { of.rename(w, "1") })
		write(t, db, func(w rows) { of.set(w, "Shop") })
		if got := vic.event(); got != "name UPDATED Shop PROJECT" {
			t.Errorf("a viewer gets %s", got)
		}
		write(t, db, func(w rows) { of.role(w, "vic", enum.RoleMaintainer) })
		write(t, db, func(w rows) { of.rename(w, "2") })
		for _, want := range []string{"role UPDATED MAINTAINER MEMBER", "name UPDATED 2 ORGANIZATION"} {
			if got := vic.event(); got != want {
				t.Errorf("who was raised gets %s, want %s", got, want)
			}
		}
		for range 4 {
			mel.event()
		}
		write(t, db, func(w rows) { of.rename(w, "3") })
		write(t, db, func(w rows) { of.role(w, "mel", enum.RoleViewer) })
		write(t, db, func(w rows) {
			w.must(w.tx.Project.UpdateOne(of.shop).SetCostAmount(3).SetName("Store").Exec(w.ctx))
		})
		if got := mel.event(); got != "name UPDATED Store PROJECT" {
			t.Errorf("who was lowered gets %s", got)
		}
	})
}

func TestAStreamEndsWithItsOrganization(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		of := found(t, db, "")
		s := a.as(named("vic")).subscribe(organizationChanged, of.id())
		write(t, db, func(w rows) { w.must(w.tx.Organization.DeleteOne(of.acme).Exec(w.ctx)) })
		if got := s.ended(); got != "NOT_FOUND" {
			t.Errorf("it ended with %q", got)
		}
		if reason, _ := json.Marshal(s.ending.Reason()); !strings.Contains(string(reason), `"path":["organizationChanged"]`) {
			t.Errorf("%s", reason)
		}
	})
}
