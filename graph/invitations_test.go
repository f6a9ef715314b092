package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// waiting is what an invitee sees of invitations.
const waiting = `{ viewer { invitations { organizationName role email } } }`

func TestNobodyBecomesAMemberWithoutAccepting(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada, bob := a.as(named("ada")), a.as(named("bob"))
		id := ada.does("inviteMember", input{"organizationId": acme.organization, "email": " Bob@Example.org ", "role": "MAINTAINER"})
		if got := bob.values(`{ organization(slug: "acme") { id } }`, nil); got != "null" {
			t.Errorf("who is invited sees %s", got)
		}
		if got := bob.values(waiting, nil); got != "Bob@Example.org acme MAINTAINER" {
			t.Errorf("the invitation reads %s", got)
		}
		if got := bob.did("acceptInvitation", "organization { slug viewerRole }", input{"invitationId": id}); got != "acme MAINTAINER" {
			t.Error(got)
		}
		if got := bob.values(waiting, nil); got != "" {
			t.Errorf("the invitation is still there: %s", got)
		}
		for _, again := range []*api{ada, bob} {
			if got := again.outcome("acceptInvitation", input{"invitationId": id}); got != "NOT_FOUND input.invitationId" {
				t.Errorf("the second time: %s", got)
			}
		}
		want := []string{"ORGANIZATION UPDATED invitations by ada", "MEMBER CREATED by bob", "ORGANIZATION UPDATED invitations by bob"}
		got := ada.changes(acme.organization)
		if diff := cmp.Diff(want, got[len(got)-3:]); diff != "" {
			t.Error(diff)
		}
		got = bob.changes(acme.organization)
		if strings.Contains(strings.Join(got, "\n"), "invitations") || got[len(got)-1] != "MEMBER CREATED by bob" {
			t.Errorf("a maintainer is told of invitations: %v", got)
		}
	})
}

func TestAnOwnerWithoutInvitationsSeesAnEmptyList(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada := a.as(named("ada"))
		ada.does("revokeInvitation", input{"invitationId": acme.invitation})
		for _, of := range []string{`organization(slug: "acme")`, `node(id: "` + acme.organization + `") { ... on Organization`} {
			document := "{ " + of + " { invitations { email } } " + strings.Repeat("}", strings.Count(of, "{")+1)
			if got := ada.ask(document, nil); len(got.Errors) > 0 || !strings.HasSuffix(strings.TrimRight(string(got.Data), "}"), `"invitations":[]`) {
				t.Errorf("%s: %s %+v", of, got.Data, got.Errors)
			}
		}
	})
}

func TestAnInvitationIsForWhoeverHasTheAddressAlone(t *testing.T) {
	t.Parallel()
	unverified, other, none := named("ivy"), named("ivy"), named("ivy")
	unverified.IsEmailVerified = false
	other.Email = "ivý@example.org"
	none.Email = ""
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPublic)
		in := input{"invitationId": acme.invitation}
		for name, v := range map[string]*auth.Viewer{
			"an address that is not verified": unverified, "another address": other, "no address": none, "somebody else": named("bob"), "the owner": named("ada"),
		} {
			if got := a.as(v).outcome("acceptInvitation", in); got != "NOT_FOUND input.invitationId" {
				t.Errorf("%s: %s", name, got)
			}
		}
		for _, of := range []relay.Type{relay.TypeInvitation, relay.TypeOrganization} {
			if got := a.as(named("ivy")).outcome("acceptInvitation", input{"invitationId": nobodys(of)}); got != "NOT_FOUND input.invitationId" {
				t.Errorf("an id of nothing: %s", got)
			}
		}
		if got := a.outcome("acceptInvitation", in); got != "UNAUTHENTICATED" {
			t.Errorf("nobody: %s", got)
		}
		if got := a.as(named("ivy")).outcome("revokeInvitation", in); got != "FORBIDDEN OWNER" {
			t.Errorf("the invitee takes it back: %s", got)
		}
		upper := named("ivy")
		upper.Email = "IVY@example.ORG"
		if got := a.as(upper).outcome("acceptInvitation", in); got != "done" {
			t.Errorf("the address in capitals: %s", got)
		}
	})
}

func TestAnInvitationIsRenewed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada := a.as(named("ada"))
		in := input{"organizationId": acme.organization, "email": "bob@example.org", "role": "VIEWER"}
		const shown = "invitation { id role email expiresAt }"
		first := ada.did("inviteMember", shown, in)
		a.clock.advance(time.Minute)
		in["role"], in["email"] = "EDITOR", "BOB@example.org"
		second := ada.did("inviteMember", shown, in)
		until := func(after time.Duration) string { return (now + calendar.Instant(after.Microseconds())).String() }
		id := strings.Fields(first)[2]
		if want := "bob@example.org " + until(time.Hour) + " " + id + " VIEWER"; first != want {
			t.Errorf("%s, want %s", first, want)
		}
		if want := "BOB@example.org " + until(time.Hour+time.Minute) + " " + id + " EDITOR"; second != want {
			t.Errorf("%s, want %s", second, want)
		}
		a.clock.advance(time.Hour - time.Microsecond)
		bob := a.as(named("bob"))
		if got := bob.values(waiting, nil); got != "BOB@example.org acme EDITOR" {
			t.Errorf("just in time: %s", got)
		}
		a.clock.advance(time.Microsecond)
		for _, who := range []*api{ada, bob} {
			if got := who.outcome("acceptInvitation", input{"invitationId": id}); got != "NOT_FOUND input.invitationId" {
				t.Errorf("too late: %s", got)
			}
			if got := who.outcome("revokeInvitation", input{"invitationId": id}); got != "NOT_FOUND input.invitationId" {
				t.Errorf("taken back too late: %s", got)
			}
		}
		ada.does("inviteMember", in)
		if got := bob.values(waiting, nil); got != "BOB@example.org acme EDITOR" {
			t.Errorf("invited again: %s", got)
		}
	})
}

// TestInvitingTellsNothingOfWhoHasAnAccount compares the answers for addresses of a
// member, of a user, and of nobody.
func TestInvitingTellsNothingOfWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		write(t, db, func(w rows) { w.user("bob") })
		ada := a.as(named("ada"))
		var statements []int
		for _, name := range []string{"vic", "bob", "nil"} {
			answer, faults, r := ada.mutate("inviteMember", "invitation { role email expiresAt organizationName }",
				input{"organizationId": acme.organization, "email": name + "@example.org", "role": "VIEWER"})
			if want := name + "@example.org 2026-11-22T10:30:00Z acme VIEWER"; answer != want || len(faults)+len(r.Errors) > 0 {
				t.Errorf("%s: %s %s %+v", name, answer, faults, r.Errors)
			}
			statements = append(statements, len(r.statements))
		}
		if statements[0] != statements[1] || statements[1] != statements[2] {
			t.Errorf("the numbers of statements are %v", statements)
		}
	})
}

func TestFaultsOfInvitations(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada := a.as(named("ada"))
		for email, want := range map[string]string{
			"": "REQUIRED", "  ": "REQUIRED", "bob": "INVALID", "bob@": "INVALID", "@example.org": "INVALID", "Bob <bob@example.org>": "INVALID",
			"<bob@example.org>": "INVALID", "bob@example.org, eve@example.org": "INVALID", "bob@exa mple.org": "INVALID", "(c)bob@example.org": "INVALID",
			"bob\u0000@example.org": "INVALID", "bob\n@example.org": "INVALID", strings.Repeat("b", 64) + "@" + strings.Repeat("e", 190): "TOO_LONG",
		} {
			if got := ada.rejects("inviteMember", input{"organizationId": acme.organization, "email": email, "role": "VIEWER"}); got != want+" input.email" {
				t.Errorf("%q: %s, want %s", email, got, want)
			}
		}
	})
}

func TestOnlySoManyInvitationsWait(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme, other := tenantOf(t, db, "acme", enum.VisibilityPrivate), tenantOf(t, db, "other", enum.VisibilityPrivate)
		ada := a.as(named("ada"))
		invite := func(o tenant, name string) string {
			return ada.outcome("inviteMember", input{"organizationId": o.organization, "email": name + "@example.org", "role": "VIEWER"})
		}
		for _, name := range []string{"a", "b", "c", "d", "d", "ivy"} { // ivy waits already: five, with two of them renewed
			if got := invite(acme, name); got != "done" {
				t.Fatalf("%s: %s", name, got)
			}
		}
		if got := invite(acme, "e"); got != "LIMIT_REACHED input.organizationId" {
			t.Errorf("one too many: %s", got)
		}
		if got := invite(acme, "A"); got != "done" {
			t.Errorf("one that waits: %s", got)
		}
		if got := invite(other, "e"); got != "done" {
			t.Errorf("another organisation: %s", got)
		}
		ada.does("revokeInvitation", input{"invitationId": acme.invitation})
		if got := invite(acme, "e"); got != "done" {
			t.Errorf("after one was taken back: %s", got)
		}
		a.clock.advance(2 * time.Hour)
		if got := invite(acme, "f"); got != "done" {
			t.Errorf("after all have expired: %s", got)
		}
		if n, err := db.Read().Invitation.Query().Count(t.Context()); n != 3 || err != nil { // f, and those of the other one
			t.Errorf("%d are kept (%v)", n, err)
		}
	})
}

func TestAMemberWhoAcceptsStaysWhatTheyAre(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada := a.as(named("ada"))
		for name, role := range map[string]string{"vic": "OWNER", "mel": "VIEWER"} {
			id := ada.does("inviteMember", input{"organizationId": acme.organization, "email": name + "@example.org", "role": role})
			before := a.as(named(name)).values(`{ organization(slug: "acme") { viewerRole } }`, nil)
			if got := a.as(named(name)).did("acceptInvitation", "organization { viewerRole }", input{"invitationId": id}); got != before {
				t.Errorf("%s was %s and is %s", name, before, got)
			}
			if got := a.as(named(name)).values(waiting, nil); got != "" {
				t.Errorf("the invitation is still there: %s", got)
			}
		}
	})
}

func TestWhoOwnsAsManyAsTheyMayCannotBecomeAnOwner(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		bob := a.as(named("bob"))
		for _, slug := range []string{"b1", "b2", "b3", "b4", "b5"} {
			bob.does("createOrganization", input{"slug": slug, "name": "Bob's"})
		}
		in := input{"organizationId": acme.organization, "email": "bob@example.org", "role": "OWNER"}
		id := a.as(named("ada")).does("inviteMember", in)
		if got := bob.rejects("acceptInvitation", input{"invitationId": id}); got != "LIMIT_REACHED input.invitationId" {
			t.Error(got)
		}
		in["role"] = "MAINTAINER"
		a.as(named("ada")).does("inviteMember", in)
		if got := bob.does("acceptInvitation", input{"invitationId": id}); got != acme.organization {
			t.Errorf("the invitation was used up: %s", got)
		}
	})
}
