package graph

import (
	"context"

	"stackyard/ent"
	"stackyard/graph/generated"
	"stackyard/graph/loader"
	"stackyard/internal/auth"
	"stackyard/internal/enum"
)

// Viewer is null without a token.
func (queryResolver) Viewer(ctx context.Context) (*auth.Viewer, error) {
	v := operationOf(ctx).viewer
	if v != nil {
		ahead(ctx).viewer(selection(ctx))
	}
	return v, nil
}

func (queryResolver) Organization(ctx context.Context, slug string) (*ent.Organization, error) {
	return thenOne(ctx, lookAhead.organizations)(loaders(ctx).OrganizationBySlug(ctx, slug))
}

type viewerResolver struct{}

func (viewerResolver) User(ctx context.Context, _ *auth.Viewer) (*ent.User, error) {
	reader, err := loaders(ctx).Reader()
	if err != nil {
		return nil, err
	}
	return loaders(ctx).User().Load(ctx, reader.User)
}

func (viewerResolver) Email(_ context.Context, v *auth.Viewer) (*string, error) {
	if v.Email == "" {
		return nil, nil
	}
	return &v.Email, nil
}

func (viewerResolver) Organizations(ctx context.Context, _ *auth.Viewer, first *int, after *string, last *int, before *string) (*loader.OrganizationConnection, error) {
	return thenPage(ctx, lookAhead.organizations)(loaders(ctx).OwnOrganizations(ctx, pageArgs(first, after, last, before)))
}

func (viewerResolver) Invitations(ctx context.Context, _ *auth.Viewer) ([]*ent.Invitation, error) {
	return then(ctx, lookAhead.invitations)(loaders(ctx).OwnInvitations(ctx))
}

type organizationResolver struct{}

func (organizationResolver) ViewerRole(ctx context.Context, o *ent.Organization) (*enum.OrganizationRole, error) {
	reader, err := loaders(ctx).Reader()
	if err != nil {
		return nil, err
	}
	if role := reader.Role(o.ID); role != "" {
		return &role, nil
	}
	return nil, nil
}

func (organizationResolver) Members(ctx context.Context, o *ent.Organization, first *int, after *string, last *int, before *string) (*loader.MemberConnection, error) {
	return loaders(ctx).OrganizationMembers(pageArgs(first, after, last, before)).Load(ctx, o.ID)
}

// Projects by team, or in the order of their last changes, are for members: what a visitor may not read, they
// may not filter or order by.
func (organizationResolver) Projects(ctx context.Context, o *ent.Organization, first *int, after *string, last *int, before *string, filter *loader.ProjectFilter, orderBy *loader.ProjectOrder) (*loader.ProjectConnection, error) {
	args := loader.ProjectArgs{PageArgs: pageArgs(first, after, last, before), Filter: filter, OrderBy: orderBy}
	if args.IsForMembers() {
		if err := requireRole(ctx, o.ID, enum.RoleViewer); err != nil {
			return nil, err
		}
	}
	return loaders(ctx).OrganizationProjects(args).Load(ctx, o.ID)
}

func (organizationResolver) Invitations(ctx context.Context, o *ent.Organization) ([]*ent.Invitation, error) {
	return loaders(ctx).OrganizationInvitations().Load(ctx, o.ID)
}

func (organizationResolver) Rules(_ context.Context, o *ent.Organization) (*generated.OrganizationRules, error) {
	return &generated.OrganizationRules{
		EndOfLifeHorizonDays: o.EndOfLifeHorizonDays, AllowedLicenses: o.AllowedLicenses, DisabledRules: o.DisabledRules,
	}, nil
}

func (organizationResolver) Changes(ctx context.Context, o *ent.Organization, first *int, after *string, last *int, before *string) (*loader.ChangeConnection, error) {
	reader, err := loaders(ctx).Reader()
	if err != nil {
		return nil, err
	}
	return loaders(ctx).Changes(ctx, o.ID, reader.Role(o.ID).Rank(), pageArgs(first, after, last, before))
}

type memberResolver struct{}

func (memberResolver) User(ctx context.Context, m *ent.Member) (*ent.User, error) {
	return loaders(ctx).User().Load(ctx, m.UserID)
}

type invitationResolver struct{}

func (invitationResolver) OrganizationName(ctx context.Context, i *ent.Invitation) (string, error) {
	o, err := loaders(ctx).Inviting().Load(ctx, i.OrganizationID)
	if err != nil {
		return "", err
	}
	return o.Name, nil
}

// requireRole is the error of a viewer whose role in an organisation does not do.
func requireRole(ctx context.Context, organization int64, role enum.OrganizationRole) error {
	reader, err := loaders(ctx).Reader()
	if err != nil || reader.Role(organization).Includes(role) {
		return err
	}
	return rule{role: role}.denial(operationOf(ctx).viewer)
}
