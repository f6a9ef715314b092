package app

import (
	"context"
	"fmt"

	"stackyard/ent"
	"stackyard/ent/member"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
)

// SetMemberRole changes a member's role; the last owner stays one.
func (a *App) SetMemberRole(ctx context.Context, by Caller, in SetMemberRoleInput) (relay.ID, error) {
	return a.run(ctx, by, "setMemberRole", func(ctx context.Context, w *work) (relay.ID, error) {
		m, err := w.member(ctx, in.OrganizationID, in.UserID)
		if err != nil || m.Role == in.Role {
			return idOf(m), err
		}
		if err := w.leaveAnOwner(ctx, m, "role"); err != nil {
			return relay.ID{}, err
		}
		return idOf(m), m.Update().SetRole(in.Role).Exec(ctx)
	})
}

// RemoveMember ends somebody's membership; the last owner stays.
func (a *App) RemoveMember(ctx context.Context, by Caller, in RemoveMemberInput) (relay.ID, error) {
	return a.run(ctx, by, "removeMember", func(ctx context.Context, w *work) (relay.ID, error) {
		m, err := w.member(ctx, in.OrganizationID, in.UserID)
		if err != nil {
			return relay.ID{}, err
		}
		if err := w.leaveAnOwner(ctx, m, "userId"); err != nil {
			return relay.ID{}, err
		}
		return in.UserID, w.Member.DeleteOne(m).Exec(ctx)
	})
}

// LeaveOrganization ends the caller's own membership; the last owner cannot leave.
func (a *App) LeaveOrganization(ctx context.Context, by Caller, in LeaveOrganizationInput) (relay.ID, error) {
	return a.run(ctx, by, "leaveOrganization", func(ctx context.Context, w *work) (relay.ID, error) {
		o, err := w.organization(ctx, "organizationId", in.OrganizationID, enum.RoleViewer)
		if err != nil {
			return relay.ID{}, err
		}
		m, err := w.memberOf(ctx, o.ID, w.user)
		if err != nil {
			return relay.ID{}, err
		}
		if err := w.leaveAnOwner(ctx, m, "organizationId"); err != nil {
			return relay.ID{}, err
		}
		return o.GlobalID(), w.Member.DeleteOne(m).Exec(ctx)
	})
}

// member finds a member of an organisation that the caller owns.
func (w *work) member(ctx context.Context, of, who relay.ID) (*ent.Member, error) {
	o, err := w.organization(ctx, "organizationId", of, enum.RoleOwner)
	if err != nil {
		return nil, err
	}
	if who.Type != relay.TypeUser {
		return nil, notFound("userId")
	}
	m, err := w.memberOf(ctx, o.ID, who.Key)
	if ent.IsNotFound(err) {
		return nil, notFound("userId")
	}
	return m, err
}

func (w *work) memberOf(ctx context.Context, organization, user int64) (*ent.Member, error) {
	m, err := w.Member.Query().Where(member.OrganizationID(organization), member.UserID(user)).Only(ctx)
	if err != nil {
		return nil, fmt.Errorf("finding a member: %w", err)
	}
	return m, nil
}

// leaveAnOwner refuses to let go of an owner where there is no other: an
// organisation depends on having one.
func (w *work) leaveAnOwner(ctx context.Context, m *ent.Member, field string) error {
	if m.Role != enum.RoleOwner {
		return nil
	}
	owners, err := w.Member.Query().Where(member.OrganizationID(m.OrganizationID), member.Role(enum.RoleOwner)).Count(ctx)
	if err != nil {
		return fmt.Errorf("counting owners: %w", err)
	}
	if owners == 1 {
		return wrong(field, enum.InputInUse, "an organisation needs an owner, and there is no other")
	}
	return nil
}

func idOf(m *ent.Member) relay.ID {
	if m == nil {
		return relay.ID{}
	}
	return m.GlobalID()
}
