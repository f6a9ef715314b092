package graph_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent/finding"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

const (
	long41  = "a2345678901234567890123456789012345678901"
	offText = "bell\u0007"
)

func TestAnOrganisationIsFoundedByItsOwner(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		ada := a.as(named("ada"))
		got := ada.did("createOrganization", "organization { slug name viewerRole revision members { nodes { role user { name } } } }",
			input{"slug": "acme-2", "name": " Acme Corp\t"})
		if want := "OWNER ada Acme Corp 1 acme-2 OWNER"; got != want {
			t.Errorf("%s", got)
		}
		id := ada.values(`{ organization(slug: "acme-2") { id } }`, nil)
		if diff := cmp.Diff([]string{"MEMBER CREATED by ada", "ORGANIZATION CREATED by ada"}, ada.changes(id)); diff != "" {
			t.Error(diff)
		}
		for _, other := range []*api{a, a.as(named("bob"))} {
			if got := other.values(`{ organization(slug: "acme-2") { id } }`, nil); got != "null" {
				t.Errorf("a stranger sees %s", got)
			}
		}
	})
}

func TestFaultsOfAnOrganisationsNames(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada, bob := a.as(named("ada")), a.as(named("bob"))
		bob.does("createOrganization", input{"slug": "hidden", "name": "Hidden"})
		for _, c := range []struct {
			slug, name any
			want       string
		}{
			{"", "Acme", "REQUIRED input.slug"},
			{" \t", "Acme", "REQUIRED input.slug"},
			{"a", "Acme", "INVALID input.slug"},
			{"Acme", "Acme", "INVALID input.slug"},
			{"acme-", "Acme", "INVALID input.slug"},
			{"ac--me", "Acme", "INVALID input.slug"},
			{"ac\u0000me", "Acme", "INVALID input.slug"},
			{"açme", "Acme", "INVALID input.slug"},
			{long41, "Acme", "TOO_LONG input.slug"},
			{"hidden", "Acme", "TAKEN input.slug"},
			{"new", "", "REQUIRED input.name"},
			{"new", "\u200b \u00a0", "REQUIRED input.name"},
			{"new", offText, "INVALID input.name"},
			{"new", "a\nb", "INVALID input.name"},
			{"new", "\u0000", "INVALID input.name"},
			{"new", strings.Repeat("é", 101), "TOO_LONG input.name"},
			{"hidden", "", "REQUIRED input.name, TAKEN input.slug"},
		} {
			if got := ada.rejects("createOrganization", input{"slug": c.slug, "name": c.name}); got != c.want {
				t.Errorf("creating %q %q: %s, want %s", c.slug, c.name, got, c.want)
			}
			if got := ada.rejects("updateOrganization", input{"organizationId": acme.organization, "slug": c.slug, "name": c.name}); got != c.want {
				t.Errorf("updating %q %q: %s, want %s", c.slug, c.name, got, c.want)
			}
		}
		for field := range map[string]bool{"slug": true, "name": true} {
			if got := ada.rejects("updateOrganization", input{"organizationId": acme.organization, field: nil}); got != "REQUIRED input."+field {
				t.Errorf("%s: %s", field, got)
			}
		}
		got := ada.rejects("updateOrganization", input{"organizationId": acme.organization, "expectedRevision": 2, "slug": "A", "name": ""})
		if want := "CONFLICT input.expectedRevision, INVALID input.slug, REQUIRED input.name"; got != want {
			t.Error(got)
		}
		if got := ada.values(`{ organization(slug: "acme") { name revision } }`, nil); got != "acme 1" {
			t.Errorf("what was refused has changed it: %s", got)
		}
		ada.does("createOrganization", input{"slug": long41[:40], "name": strings.Repeat("é", 100)})
	})
}

func TestAnOrganisationIsRenamed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada := a.as(named("ada"))
		const shown = "organization { slug name revision }"
		for _, c := range []struct {
			in   input
			want string
		}{
			{input{}, "acme 1 acme"},
			{input{"slug": "acme", "name": " acme "}, "acme 1 acme"},
			{input{"name": "Acme", "expectedRevision": 1}, "Acme 2 acme"},
			{input{"slug": "acme-inc", "expectedRevision": 2}, "Acme 3 acme-inc"},
			{input{"slug": "acme", "name": "ACME"}, "ACME 4 acme"},
		} {
			c.in["organizationId"] = acme.organization
			if got := ada.did("updateOrganization", shown, c.in); got != c.want {
				t.Errorf("%v: %s, want %s", c.in, got, c.want)
			}
		}
		tenantOf(t, db, "beta", enum.VisibilityPrivate)
		ada.does("updateOrganization", input{"organizationId": acme.organization, "name": "Zeta"})
		if got := ada.values(`{ viewer { organizations { nodes { name } } } }`, nil); got != "beta Zeta" {
			t.Errorf("in order of their names they are %s", got)
		}
		ada.does("updateOrganization", input{"organizationId": acme.organization, "name": "ACME"})
		want := []string{"ORGANIZATION UPDATED name by ada", "ORGANIZATION UPDATED slug by ada", "ORGANIZATION UPDATED name,slug by ada", "ORGANIZATION UPDATED name by ada", "ORGANIZATION UPDATED name by ada"}
		for _, reader := range []string{"ada", "mel"} {
			got := a.as(named(reader)).changes(acme.organization)
			if diff := cmp.Diff(want, got[len(got)-5:]); diff != "" {
				t.Errorf("%s: %s", reader, diff)
			}
		}
	})
}

func TestAUserOwnsOnlySoManyOrganisations(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		ada := a.as(named("ada"))
		ids := make([]string, 5)
		for i := range ids {
			ids[i] = ada.does("createOrganization", input{"slug": "acme-" + strconv.Itoa(i), "name": "Acme"})
		}
		answer, faults, r := ada.mutate("createOrganization", "organization { id }", input{"slug": "acme-5", "name": "Acme"})
		if answer != "null" || strings.Join(faults, ",") != "LIMIT_REACHED input" || !strings.Contains(string(r.Data), "--max-organizations") {
			t.Errorf("%s %+v", r.Data, r.Errors)
		}
		other := tenantOf(t, db, "other", enum.VisibilityPrivate)
		a.as(named("ada")).does("setMemberRole", input{"organizationId": other.organization, "userId": other.users["mel"], "role": "OWNER"})
		a.as(named("mel")).does("setMemberRole", input{"organizationId": other.organization, "userId": other.users["ada"], "role": "VIEWER"})
		a.as(named("mel")).does("inviteMember", input{"organizationId": other.organization, "email": "ada@example.org", "role": "OWNER"})
		ada.does("deleteOrganization", input{"organizationId": ids[0]})
		ada.does("createOrganization", input{"slug": "acme-5", "name": "Acme"})
	})
}

func TestADeletedOrganisationLeavesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme, other := tenantOf(t, db, "acme", enum.VisibilityPublic), tenantOf(t, db, "other", enum.VisibilityPublic)
		ada := a.as(named("ada"))
		for _, of := range []tenant{acme, other} {
			ada.does("setStack", input{"projectId": of.project, "components": []input{{"technology": "nodejs", "version": "18.1"}, {"technology": "home-made"}}})
		}
		before := ada.values(`{ catalogChanges(last: 1) { pageInfo { endCursor } } }`, nil)
		if got := ada.does("deleteOrganization", input{"organizationId": acme.organization}); got != acme.organization {
			t.Errorf("the id is %s", got)
		}
		client := db.Read()
		for name, count := range map[string]func() (int, error){
			"organizations": func() (int, error) { return client.Organization.Query().Count(t.Context()) },
			"projects":      func() (int, error) { return client.Project.Query().Count(t.Context()) },
			"invitations":   func() (int, error) { return client.Invitation.Query().Count(t.Context()) },
			"components":    func() (int, error) { n, err := client.StackComponent.Query().Count(t.Context()); return n / 2, err },
			"members":       func() (int, error) { n, err := client.Member.Query().Count(t.Context()); return n / 4, err },
			"findings": func() (int, error) {
				all, err := client.Finding.Query().Count(t.Context())
				if err != nil || all == 0 {
					return 0, err
				}
				gone, err := client.Finding.Query().Where(finding.OrganizationIDNEQ(other.key)).Count(t.Context())
				return 1 + gone, err
			},
			"logs": func() (int, error) { n, err := client.ChangeLog.Query().Count(t.Context()); return n - 1, err },
		} {
			if n, err := count(); n != 1 || err != nil {
				t.Errorf("there are %d %s (%v)", n, name, err)
			}
		}
		if n, err := client.Change.Query().Count(t.Context()); err != nil || n == 0 {
			t.Errorf("the other organisation has %d changes (%v)", n, err)
		}
		for _, id := range []string{acme.organization, acme.project, acme.invitation} {
			if got := ada.values(`query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": id}); got != "null" {
				t.Errorf("%s is still there", id)
			}
		}
		if got := ada.outcome("deleteOrganization", input{"organizationId": acme.organization}); got != "NOT_FOUND input.organizationId" {
			t.Errorf("deleting it again: %s", got)
		}
		if after := ada.values(`{ catalogChanges(last: 1) { pageInfo { endCursor } } }`, nil); after != before {
			t.Errorf("the public log ends at %s, not %s", after, before)
		}
		ada.does("createOrganization", input{"slug": "acme", "name": "Again"})
	})
}

func TestWhoMayChangeWhat(t *testing.T) {
	t.Parallel()
	roles := []struct {
		name string
		role enum.OrganizationRole
	}{{"out", ""}, {"vic", enum.RoleViewer}, {"eve", enum.RoleEditor}, {"mel", enum.RoleMaintainer}, {"ada", enum.RoleOwner}}
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		for i, c := range []struct {
			mutation string
			needs    enum.OrganizationRole
			field    string
			in       func(tenant) input
		}{
			{"updateOrganization", enum.RoleOwner, "organizationId", func(tenant) input { return input{"name": "New"} }},
			{"deleteOrganization", enum.RoleOwner, "organizationId", func(tenant) input { return input{} }},
			{"inviteMember", enum.RoleOwner, "organizationId", func(tenant) input { return input{"email": "new@example.org", "role": "VIEWER"} }},
			{"revokeInvitation", enum.RoleOwner, "invitationId", func(tenant) input { return input{} }},
			{"setMemberRole", enum.RoleOwner, "organizationId", func(o tenant) input { return input{"userId": o.users["vic"], "role": "EDITOR"} }},
			{"removeMember", enum.RoleOwner, "organizationId", func(o tenant) input { return input{"userId": o.users["vic"]} }},
			{"setOrganizationRules", enum.RoleMaintainer, "organizationId", func(tenant) input { return input{"endOfLifeHorizonDays": 30} }},
			{"createProject", enum.RoleMaintainer, "organizationId", func(tenant) input { return input{"slug": "new", "name": "New"} }},
			{"deleteProject", enum.RoleMaintainer, "projectId", func(tenant) input { return input{} }},
			{"updateProject", enum.RoleEditor, "projectId", func(tenant) input { return input{"name": "New"} }},
			{"setStack", enum.RoleEditor, "projectId", func(tenant) input { return input{"components": []input{{"technology": "redis"}}} }},
			{"leaveOrganization", enum.RoleViewer, "organizationId", func(tenant) input { return input{} }},
		} {
			for _, visibility := range []enum.Visibility{enum.VisibilityPrivate, enum.VisibilityPublic} {
				o := tenantOf(t, db, "o"+strconv.Itoa(i)+strings.ToLower(string(visibility)), visibility)
				ids := map[string]string{"organizationId": o.organization, "projectId": o.project, "invitationId": o.invitation}
				in := c.in(o)
				for _, who := range roles {
					in[c.field] = ids[c.field]
					want := "done"
					isKnown := who.role != "" || visibility == enum.VisibilityPublic
					switch {
					case !isKnown, c.field == "invitationId" && who.role != enum.RoleOwner:
						want = "NOT_FOUND input." + c.field
					case !who.role.Includes(c.needs):
						want = "FORBIDDEN " + string(c.needs)
					case c.mutation == "leaveOrganization" && who.role == enum.RoleOwner:
						want = "IN_USE input.organizationId"
					case c.mutation == "createProject" && who.role == enum.RoleOwner:
						want = "TAKEN input.slug" // as mel has just done
					case c.mutation == "deleteProject" && who.role == enum.RoleOwner:
						want = "NOT_FOUND input.projectId"
					}
					if got := a.as(named(who.name)).outcome(c.mutation, in); got != want {
						t.Errorf("%s of a %s organisation as %s: %s, want %s", c.mutation, visibility, who.name, got, want)
					}
				}
				for _, of := range []relay.Type{relay.TypeOrganization, relay.TypeProject, relay.TypeInvitation, relay.TypeTechnology} {
					for _, id := range []string{nobodys(of), ofType(t, ids[c.field], of)} {
						in[c.field] = id
						if got := a.as(named("ada")).outcome(c.mutation, in); id != ids[c.field] && got != "NOT_FOUND input."+c.field {
							t.Errorf("%s of what is not there (%d): %s", c.mutation, of, got)
						}
					}
				}
				in[c.field] = ids[c.field]
				if got := a.outcome(c.mutation, in); got != "UNAUTHENTICATED "+string(c.needs) {
					t.Errorf("%s by nobody: %s", c.mutation, got)
				}
			}
		}
	})
}

// ofType is the id of an object of another type, with the same key.
func ofType(t *testing.T, id string, of relay.Type) string {
	t.Helper()
	parsed, err := relay.ParseID(id)
	if err != nil {
		t.Fatal(err)
	}
	return relay.ID{Type: of, Key: parsed.Key}.String()
}
