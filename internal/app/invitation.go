package app

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	"stackyard/ent"
	"stackyard/ent/invitation"
	"stackyard/ent/organization"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// mostEmail is how long an e-mail address can be.
const mostEmail = 254

// InviteMember lets whoever shows an e-mail address as theirs become a member. It
// does the same whether anybody has that address or not.
func (a *App) InviteMember(ctx context.Context, by Caller, in InviteMemberInput) (relay.ID, error) {
	return a.run(ctx, by, "inviteMember", func(ctx context.Context, w *work) (relay.ID, error) {
		o, err := w.organization(ctx, "organizationId", in.OrganizationID, enum.RoleOwner)
		if err != nil {
			return relay.ID{}, err
		}
		var f faults
		email := f.email(at("email"), in.Email)
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		until := calendar.InstantOf(w.now.Time().Add(w.limits.InvitationTTL))
		if _, err := w.Invitation.Delete().Where(invitation.OrganizationID(o.ID), invitation.ExpiresAtLTE(w.now)).Exec(ctx); err != nil {
			return relay.ID{}, fmt.Errorf("clearing expired invitations: %w", err)
		}
		waiting, err := w.Invitation.Query().Where(invitation.OrganizationID(o.ID), invitation.EmailKey(auth.EmailKey(email))).Only(ctx)
		if err == nil {
			return waiting.GlobalID(), waiting.Update().SetEmail(email).SetRole(in.Role).SetCreatedAt(w.now).SetExpiresAt(until).Exec(ctx)
		}
		if !ent.IsNotFound(err) {
			return relay.ID{}, fmt.Errorf("finding an invitation: %w", err)
		}
		n, err := w.Invitation.Query().Where(invitation.OrganizationID(o.ID)).Count(ctx)
		if err != nil {
			return relay.ID{}, fmt.Errorf("counting invitations: %w", err)
		}
		if n >= w.limits.Invitations {
			return relay.ID{}, wrong("organizationId", enum.InputLimitReached,
				"an organisation has no more than %d invitations waiting (--max-invitations)", w.limits.Invitations)
		}
		i, err := w.Invitation.Create().SetOrganizationID(o.ID).SetEmail(email).SetEmailKey(auth.EmailKey(email)).SetRole(in.Role).
			SetCreatedAt(w.now).SetExpiresAt(until).Save(ctx)
		if err != nil {
			return relay.ID{}, err
		}
		return i.GlobalID(), nil
	})
}

// AcceptInvitation makes whoever was invited a member. A member stays what they
// are, since roles are changed by owners alone; the invitation is used up all the same.
func (a *App) AcceptInvitation(ctx context.Context, by Caller, in AcceptInvitationInput) (relay.ID, error) {
	return a.run(ctx, by, "acceptInvitation", func(ctx context.Context, w *work) (relay.ID, error) {
		i, err := w.invitation(ctx, in.InvitationID, w.reader.Invited)
		if err != nil {
			return relay.ID{}, err
		}
		of := relay.ID{Type: relay.TypeOrganization, Key: i.OrganizationID}
		if err := w.Invitation.DeleteOne(i).Exec(ctx); err != nil {
			return relay.ID{}, err
		}
		if _, err := w.readRole(ctx, i.OrganizationID); err != nil || w.reader.Role(i.OrganizationID) != "" {
			return of, err
		}
		if i.Role == enum.RoleOwner {
			var f faults
			if err := w.ownOneMore(ctx, &f, at("invitationId")); err != nil {
				return relay.ID{}, err
			}
			if err := f.err(); err != nil {
				return relay.ID{}, err
			}
		}
		return of, w.join(ctx, i.OrganizationID, i.Role)
	})
}

// RevokeInvitation takes an invitation back that has not been taken up.
func (a *App) RevokeInvitation(ctx context.Context, by Caller, in RevokeInvitationInput) (relay.ID, error) {
	return a.run(ctx, by, "revokeInvitation", func(ctx context.Context, w *work) (relay.ID, error) {
		i, err := w.invitation(ctx, in.InvitationID, w.reader.Invitations)
		if err != nil {
			return relay.ID{}, err
		}
		if _, err := w.readRole(ctx, i.OrganizationID); err != nil {
			return relay.ID{}, err
		}
		if w.reader.Role(i.OrganizationID) != enum.RoleOwner {
			return relay.ID{}, forbidden(enum.RoleOwner)
		}
		return i.GlobalID(), w.Invitation.DeleteOne(i).Exec(ctx)
	})
}

// invitation finds an invitation that a rule lets the caller see, and holds the
// organisation that invites.
func (w *work) invitation(ctx context.Context, id relay.ID, rule store.Condition) (*ent.Invitation, error) {
	const field = "invitationId"
	if id.Type != relay.TypeInvitation {
		return nil, notFound(field)
	}
	query := w.Invitation.Query().Where(invitation.ID(id.Key), seen(rule))
	i, err := query.Clone().Only(ctx)
	if err == nil {
		_, err = w.Organization.Query().Where(organization.ID(i.OrganizationID), store.Locked).OnlyID(ctx)
	}
	if err == nil {
		i, err = query.Only(ctx) // it may have been used while the organisation was held by somebody else
	}
	if ent.IsNotFound(err) {
		return nil, notFound(field)
	}
	if err != nil {
		return nil, fmt.Errorf("finding an invitation: %w", err)
	}
	return i, nil
}

// email reads an address, without a name or a comment.
func (f *faults) email(where []string, value string) string {
	s := strings.TrimSpace(value)
	if len(s) > mostEmail {
		f.add(where, enum.InputTooLong, "it has more than %d bytes", mostEmail)
		return ""
	}
	parsed, err := mail.ParseAddress(s)
	switch {
	case s == "":
		f.add(where, enum.InputRequired, "it is missing or blank")
	case err != nil || parsed.Address != s || !isText(s, "") || strings.ContainsFunc(s, unicode.IsSpace):
		f.add(where, enum.InputInvalid, "it is no e-mail address, such as ada@example.org")
	}
	return s
}
