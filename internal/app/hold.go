package app

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/member"
	"stackyard/ent/organization"
	"stackyard/ent/project"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// seen narrows a query to the rows that a rule of the reader lets through.
func seen(rule store.Condition) func(*sql.Selector) {
	return func(s *sql.Selector) { s.Where(rule(sql.Dialect(s.Dialect()), s.C)) }
}

// organization finds the organisation that an input's field names, for a caller
// who needs a role in it, and holds it until the transaction ends. Whatever
// changes something of an organisation holds it first: so changes of one
// organisation come one after the other, and roles, owners and limits are what
// they are said to be until the end.
func (w *work) organization(ctx context.Context, field string, id relay.ID, role enum.OrganizationRole) (*ent.Organization, error) {
	if id.Type != relay.TypeOrganization {
		return nil, notFound(field)
	}
	return w.held(ctx, field, id.Key, role)
}

func (w *work) held(ctx context.Context, field string, key int64, role enum.OrganizationRole) (*ent.Organization, error) {
	o, err := w.Organization.Query().Where(organization.ID(key), seen(w.reader.Organizations), store.Locked).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, notFound(field)
	}
	if err != nil {
		return nil, fmt.Errorf("holding an organisation: %w", err)
	}
	hasChanged, err := w.readRole(ctx, key)
	if err != nil {
		return nil, err
	}
	if hasChanged {
		return w.held(ctx, field, key, role) // what they may know of has changed with it
	}
	if !w.reader.Role(key).Includes(role) {
		return nil, forbidden(role)
	}
	return o, nil
}

// readRole reads the caller's role anew: it may have changed while the
// organisation was held by somebody else.
func (w *work) readRole(ctx context.Context, organization int64) (hasChanged bool, err error) {
	m, err := w.Member.Query().Where(member.OrganizationID(organization), member.UserID(w.user)).Select(member.FieldRole).Only(ctx)
	if ent.IsNotFound(err) {
		hasChanged = w.reader.Role(organization) != ""
		delete(w.reader.Roles, organization)
		return hasChanged, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the caller's role: %w", err)
	}
	hasChanged = w.reader.Role(organization) != m.Role
	w.reader.Roles[organization] = m.Role
	return hasChanged, nil
}

// project finds the project that an input names, and holds its organisation.
func (w *work) project(ctx context.Context, id relay.ID, role enum.OrganizationRole) (*ent.Project, error) {
	const field = "projectId"
	if id.Type != relay.TypeProject {
		return nil, notFound(field)
	}
	p, err := w.Project.Query().Where(project.ID(id.Key), seen(w.reader.Projects)).Select(project.FieldOrganizationID).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, notFound(field)
	}
	if err != nil {
		return nil, fmt.Errorf("finding a project: %w", err)
	}
	if _, err := w.held(ctx, field, p.OrganizationID, role); err != nil {
		return nil, err
	}
	p, err = w.Project.Get(ctx, id.Key)
	if ent.IsNotFound(err) {
		return nil, notFound(field)
	}
	if err != nil {
		return nil, fmt.Errorf("reading a project: %w", err)
	}
	return p, nil
}
