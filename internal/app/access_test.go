package app_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/internal/app"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// acme is an organisation with a member of each role, and what belongs to it.
type acme struct {
	organization, project, invitation, webhook, vic relay.ID
}

func write(t *testing.T, db *store.DB) (out acme) {
	t.Helper()
	now := calendar.InstantOf(storetest.Today)
	err := db.Write(t.Context(), store.Cause{At: storetest.Today}, func(ctx context.Context, tx *ent.Tx) error {
		o, err := tx.Organization.Create().SetSlug("acme").SetName("Acme").SetNameKey([]byte("acme")).SetCreatedAt(now).SetUpdatedAt(now).Save(ctx)
		if err != nil {
			return err
		}
		failures := []error{tx.ChangeLog.Create().SetID(o.ID).SetOrganizationID(o.ID).Exec(ctx)}
		for name, role := range map[string]enum.OrganizationRole{"ada": enum.RoleOwner, "mel": enum.RoleMaintainer, "eve": enum.RoleEditor, "vic": enum.RoleViewer} {
			u, err := tx.User.Create().SetIssuer("https://issuer.example").SetSubject(name).SetName(name).SetCreatedAt(now).Save(ctx)
			if err != nil {
				return err
			}
			if name == "vic" {
				out.vic = u.GlobalID()
			}
			failures = append(failures, tx.Member.Create().SetOrganizationID(o.ID).SetUserID(u.ID).SetRole(role).SetSince(now).Exec(ctx))
		}
		p, err := tx.Project.Create().SetOrganizationID(o.ID).SetSlug("shop").SetName("Shop").SetNameKey([]byte("shop")).SetSearchText(" shop").
			SetVisibility(enum.VisibilityPrivate).SetCreatedAt(now).SetUpdatedAt(now).Save(ctx)
		if err != nil {
			return err
		}
		i, err := tx.Invitation.Create().SetOrganizationID(o.ID).SetEmail("ivy@example.org").SetEmailKey("ivy@example.org").SetRole(enum.RoleViewer).
			SetCreatedAt(now).SetExpiresAt(now + 1).Save(ctx)
		if err != nil {
			return err
		}
		h, err := tx.Webhook.Create().SetOrganizationID(o.ID).SetURL("https://example.org").SetSubjectTypes([]enum.ChangeSubjectType{enum.SubjectProject}).
			SetSecret([]byte{}).SetSequence(0).Save(ctx)
		if err != nil {
			return err
		}
		out.organization, out.project, out.invitation, out.webhook = o.GlobalID(), p.GlobalID(), i.GlobalID(), h.GlobalID()
		return errors.Join(failures...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestUseCasesDecideAccessThemselves asks the use cases past the GraphQL layer,
// which decides the same before anything is run.
func TestUseCasesDecideAccessThemselves(t *testing.T) {
	t.Parallel()
	name := "New"
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Empty(t, dialect)
		of := write(t, db)
		a := app.New(db, func() time.Time { return storetest.Today }, app.Limits{Organizations: 5, Invitations: 5, InvitationTTL: time.Hour, Projects: 5, StackComponents: 5})
		ctx := t.Context()
		useCases := map[string]struct {
			needs enum.OrganizationRole
			run   func(app.Caller) (relay.ID, error)
		}{
			"updateOrganization": {enum.RoleOwner, func(by app.Caller) (relay.ID, error) {
				return a.UpdateOrganization(ctx, by, app.UpdateOrganizationInput{OrganizationID: of.organization})
			}},
			"deleteOrganization": {enum.RoleOwner, func(by app.Caller) (relay.ID, error) {
				return a.DeleteOrganization(ctx, by, app.DeleteOrganizationInput{OrganizationID: of.organization})
			}},
			"inviteMember": {enum.RoleOwner, func(by app.Caller) (relay.ID, error) {
				return a.InviteMember(ctx, by, app.InviteMemberInput{OrganizationID: of.organization, Email: "a@b.c", Role: enum.RoleOwner})
			}},
			"revokeInvitation": {"", func(by app.Caller) (relay.ID, error) {
				return a.RevokeInvitation(ctx, by, app.RevokeInvitationInput{InvitationID: of.invitation})
			}},
			"createWebhook": {enum.RoleOwner, func(by app.Caller) (relay.ID, error) {
				id, _, err := a.CreateWebhook(ctx, by, app.CreateWebhookInput{OrganizationID: of.organization})
				return id, err
			}},
			"deleteWebhook": {"", func(by app.Caller) (relay.ID, error) {
				return a.DeleteWebhook(ctx, by, app.DeleteWebhookInput{WebhookID: of.webhook})
			}},
			"acceptInvitation": {"", func(by app.Caller) (relay.ID, error) {
				return a.AcceptInvitation(ctx, by, app.AcceptInvitationInput{InvitationID: of.invitation})
			}},
			"setMemberRole": {enum.RoleOwner, func(by app.Caller) (relay.ID, error) {
				return a.SetMemberRole(ctx, by, app.SetMemberRoleInput{OrganizationID: of.organization, UserID: of.vic, Role: enum.RoleOwner})
			}},
			"removeMember": {enum.RoleOwner, func(by app.Caller) (relay.ID, error) {
				return a.RemoveMember(ctx, by, app.RemoveMemberInput{OrganizationID: of.organization, UserID: of.vic})
			}},
			"setOrganizationRules": {enum.RoleMaintainer, func(by app.Caller) (relay.ID, error) {
				return a.SetOrganizationRules(ctx, by, app.SetOrganizationRulesInput{OrganizationID: of.organization, EndOfLifeHorizonDays: 1})
			}},
			"resetCalendarFeed": {enum.RoleOwner, func(by app.Caller) (relay.ID, error) {
				id, _, err := a.ResetCalendarFeed(ctx, by, app.ResetCalendarFeedInput{OrganizationID: of.organization})
				return id, err
			}},
			"createProject": {enum.RoleMaintainer, func(by app.Caller) (relay.ID, error) {
				return a.CreateProject(ctx, by, app.CreateProjectInput{OrganizationID: of.organization, Slug: "new", Name: name, Visibility: enum.VisibilityPublic})
			}},
			"deleteProject": {enum.RoleMaintainer, func(by app.Caller) (relay.ID, error) {
				return a.DeleteProject(ctx, by, app.DeleteProjectInput{ProjectID: of.project})
			}},
			"updateProject": {enum.RoleEditor, func(by app.Caller) (relay.ID, error) {
				return a.UpdateProject(ctx, by, app.UpdateProjectInput{ProjectID: of.project})
			}},
			"setStack": {enum.RoleEditor, func(by app.Caller) (relay.ID, error) {
				return a.SetStack(ctx, by, app.SetStackInput{ProjectID: of.project})
			}},
			"leaveOrganization": {enum.RoleViewer, func(by app.Caller) (relay.ID, error) {
				return a.LeaveOrganization(ctx, by, app.LeaveOrganizationInput{OrganizationID: of.organization})
			}},
		}
		people := []string{"out", "vic", "eve", "mel", "ada"}
		roles := []enum.OrganizationRole{"", enum.RoleViewer, enum.RoleEditor, enum.RoleMaintainer, enum.RoleOwner}
		for what, c := range useCases {
			if _, err := c.run(app.Caller{}); fault.KindOf(err) != fault.Unauthenticated {
				t.Errorf("%s by nobody: %v", what, err)
			}
			tooLow := people[:slices.Index(roles, c.needs)]
			if c.needs == "" {
				tooLow = people[:4] // all but the owner do not know of the invitation
			}
			for i, who := range tooLow {
				_, err := c.run(app.Caller{Viewer: &auth.Viewer{Issuer: "https://issuer.example", Subject: who, Name: who}})
				switch {
				case i == 0 || c.needs == "":
					if problems, ok := errors.AsType[app.UserErrors](err); !ok || problems[0].Code != enum.InputNotFound {
						t.Errorf("%s by %s: %v", what, who, err)
					}
				case fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), string(c.needs)):
					t.Errorf("%s by %s: %v", what, who, err)
				}
			}
		}
		ivy := app.Caller{Viewer: &auth.Viewer{Issuer: "https://issuer.example", Subject: "ivy", Email: "ivy@example.org", IsEmailVerified: true}}
		if _, err := useCases["revokeInvitation"].run(ivy); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the invitee takes the invitation back: %v", err)
		}
		if n, err := db.Read().Change.Query().Count(ctx); n != 7 || err != nil {
			t.Errorf("what was refused has left changes: %d (%v)", n, err)
		}
	})
}
