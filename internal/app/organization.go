package app

import (
	"context"
	"fmt"

	"stackyard/ent/member"
	"stackyard/ent/organization"
	"stackyard/ent/user"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/text"
)

// What the contract says of names.
const (
	mostSlug = 40
	mostName = 100
)

// CreateOrganization founds an organisation, with a change log of its own; the
// caller becomes its owner.
func (a *App) CreateOrganization(ctx context.Context, by Caller, in CreateOrganizationInput) (relay.ID, error) {
	return a.run(ctx, by, "createOrganization", func(ctx context.Context, w *work) (relay.ID, error) { return w.foundOrganization(ctx, in) })
}

// foundOrganization makes an organisation that the caller owns.
func (w *work) foundOrganization(ctx context.Context, in CreateOrganizationInput) (relay.ID, error) {
	var f faults
	slug, name := f.slug(at("slug"), in.Slug, mostSlug), f.line(at("name"), in.Name, mostName)
	if err := w.takeSlug(ctx, &f, slug, ""); err != nil {
		return relay.ID{}, err
	}
	if err := w.ownOneMore(ctx, &f, at()); err != nil {
		return relay.ID{}, err
	}
	if err := f.err(); err != nil {
		return relay.ID{}, err
	}
	o, err := w.Organization.Create().SetSlug(slug).SetName(name).SetNameKey(text.Key(name)).
		SetCreatedAt(w.now).SetUpdatedAt(w.now).Save(ctx)
	if err != nil {
		return relay.ID{}, err
	}
	if err := w.ChangeLog.Create().SetID(o.ID).SetOrganizationID(o.ID).Exec(ctx); err != nil {
		return relay.ID{}, fmt.Errorf("beginning a change log: %w", err)
	}
	return o.GlobalID(), w.join(ctx, o.ID, enum.RoleOwner)
}

// UpdateOrganization changes the name or the slug of an organisation.
func (a *App) UpdateOrganization(ctx context.Context, by Caller, in UpdateOrganizationInput) (relay.ID, error) {
	return a.run(ctx, by, "updateOrganization", func(ctx context.Context, w *work) (relay.ID, error) {
		o, err := w.organization(ctx, "organizationId", in.OrganizationID, enum.RoleOwner)
		if err != nil {
			return relay.ID{}, err
		}
		var f faults
		f.revision(in.ExpectedRevision, o.Revision)
		slug, name := o.Slug, o.Name
		if in.Slug.IsSet() {
			slug = f.slug(at("slug"), orEmpty(in.Slug.Value()), mostSlug)
		}
		if in.Name.IsSet() {
			name = f.line(at("name"), orEmpty(in.Name.Value()), mostName)
		}
		if err := w.takeSlug(ctx, &f, slug, o.Slug); err != nil {
			return relay.ID{}, err
		}
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		if slug == o.Slug && name == o.Name {
			return o.GlobalID(), nil
		}
		return o.GlobalID(), o.Update().SetSlug(slug).SetName(name).SetNameKey(text.Key(name)).
			AddRevision(1).SetUpdatedAt(w.now).Exec(ctx)
	})
}

// DeleteOrganization deletes an organisation with all that is its own: nobody
// can read its log any more, so nothing of this is logged.
func (a *App) DeleteOrganization(ctx context.Context, by Caller, in DeleteOrganizationInput) (relay.ID, error) {
	return a.run(ctx, by, "deleteOrganization", func(ctx context.Context, w *work) (relay.ID, error) {
		o, err := w.organization(ctx, "organizationId", in.OrganizationID, enum.RoleOwner)
		if err != nil {
			return relay.ID{}, err
		}
		return o.GlobalID(), w.Organization.DeleteOne(o).Exec(ctx)
	})
}

// takeSlug says whether a slug that is not the organisation's own is still to be had.
func (w *work) takeSlug(ctx context.Context, f *faults, slug, own string) error {
	if slug == "" || slug == own {
		return nil
	}
	isTaken, err := w.Organization.Query().Where(organization.Slug(slug)).Exist(ctx)
	if isTaken {
		f.add(at("slug"), enum.InputTaken, "another organisation has it")
	}
	return err
}

// ownOneMore says whether the caller may own another organisation.
func (w *work) ownOneMore(ctx context.Context, f *faults, where []string) error {
	// The key of the mutation refers to the caller: with a stronger lock, two that have keys would wait for each other.
	if _, err := w.User.Query().Where(user.ID(w.user), store.Counted).OnlyID(ctx); err != nil {
		return fmt.Errorf("holding the caller: %w", err)
	}
	owned, err := w.Member.Query().Where(member.UserID(w.user), member.Role(enum.RoleOwner)).Count(ctx)
	if owned >= w.limits.Organizations {
		f.add(where, enum.InputLimitReached, "nobody owns more than %d organisations here (--max-organizations)", w.limits.Organizations)
	}
	return err
}

// join makes the caller a member.
func (w *work) join(ctx context.Context, organization int64, role enum.OrganizationRole) error {
	w.reader.Roles[organization] = role
	return w.Member.Create().SetOrganizationID(organization).SetUserID(w.user).SetRole(role).SetSince(w.now).Exec(ctx)
}
