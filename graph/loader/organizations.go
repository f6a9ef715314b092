package loader

import (
	"context"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

const (
	tableOrganizations = "organizations"
	tableMembers       = "members"
)

// maxInvitations is the most invitations that a viewer is shown.
const maxInvitations = 50

// Organization loads by id.
func (l *Loaders) Organization() *Edge[int64, *ent.Organization] {
	return byID(l, "Organization", l.organizations, visibleOrganizations)
}

func visibleOrganizations(r *store.Reader) store.Condition { return r.Organizations }

func (l *Loaders) organizations(ctx context.Context, w where) ([]*ent.Organization, error) {
	return l.db.Read().Organization.Query().Where(w).Select(l.columns["Organization"]...).All(ctx)
}

// OrganizationBySlug gives the organisation of a slug, if the reader may know of it.
func (l *Loaders) OrganizationBySlug(ctx context.Context, slug string) (*ent.Organization, error) {
	conditions, err := l.ruled([]rule{visibleOrganizations})
	if err != nil {
		return nil, err
	}
	return bySlug(ctx, slug, func(ctx context.Context, w where) ([]*ent.Organization, error) {
		return l.organizations(ctx, func(s *sql.Selector) {
			w(s)
			s.Where(conditions[0](sql.Dialect(s.Dialect()), s.C))
		})
	})
}

// OwnOrganizations is the list of those that the reader is a member of, by name.
func (l *Loaders) OwnOrganizations(ctx context.Context, args relay.PageArgs) (*OrganizationConnection, error) {
	reader, err := l.Reader()
	if err != nil {
		return nil, err
	}
	mine := func(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		return store.In(col("id"), slices.Sorted(maps.Keys(reader.Roles)))
	}
	byName := order[*ent.Organization]{
		store.Order{{Column: "name_key"}, {Column: "id"}},
		func(o *ent.Organization) []any { return []any{o.NameKey, o.ID} },
	}
	list, err := newList(l, "Viewer.organizations", byName, nil, store.Filter{Conditions: []store.Condition{mine}}, args)
	if err != nil {
		return nil, err
	}
	rows, err := l.organizations(ctx, list.Root())
	if err != nil {
		return nil, err
	}
	return list.connection(rows, func(ctx context.Context) (int, error) {
		return l.db.CountAll(ctx, tableOrganizations, list.Filter)
	}), nil
}

// Member loads by id.
func (l *Loaders) Member() *Edge[int64, *ent.Member] {
	return byID(l, "Member", l.members, visibleMembers)
}

func visibleMembers(r *store.Reader) store.Condition { return r.Members }

func (l *Loaders) members(ctx context.Context, w where) ([]*ent.Member, error) {
	return l.db.Read().Member.Query().Where(w).Select(l.columns["Member"]...).All(ctx)
}

// OrganizationMembers loads, by organisation, its members, those who have been it longest first.
func (l *Loaders) OrganizationMembers(args relay.PageArgs) Pages[*ent.Member] {
	eldest := order[*ent.Member]{
		store.Order{{Column: "since"}, {Column: "id"}},
		func(m *ent.Member) []any { return []any{int64(m.Since), m.ID} },
	}
	list, err := newList(l, "Organization.members", eldest, nil, store.Filter{}, args)
	if err != nil {
		return refused[*ent.Member](err)
	}
	return guarded[*ent.Member]{
		list: list, table: tableMembers, fk: "organization_id", parent: func(m *ent.Member) int64 { return m.OrganizationID },
		read: l.members, rule: visibleMembers,
	}.pages(l)
}

// Invitation loads by id.
func (l *Loaders) Invitation() *Edge[int64, *ent.Invitation] {
	return byID(l, "Invitation", l.invitations, func(r *store.Reader) store.Condition { return r.Invitations })
}

func (l *Loaders) invitations(ctx context.Context, w where) ([]*ent.Invitation, error) {
	return l.db.Read().Invitation.Query().Where(w).Select(l.columns["Invitation"]...).All(ctx)
}

// OrganizationInvitations loads, by organisation, the invitations that wait, newest first.
func (l *Loaders) OrganizationInvitations() *Edge[int64, []*ent.Invitation] {
	return edge(l, "Organization.invitations", many[*ent.Invitation], func(ctx context.Context, ids []int64) (map[int64][]*ent.Invitation, error) {
		reader, err := l.Reader()
		if err != nil {
			return nil, err
		}
		rows, err := l.invitations(ctx, func(s *sql.Selector) {
			s.Where(store.In(s.C("organization_id"), ids)).Where(reader.Invitations(sql.Dialect(s.Dialect()), s.C))
			s.OrderBy(sql.Desc(s.C("created_at")), sql.Desc(s.C("id")))
		})
		return grouped(rows, func(i *ent.Invitation) int64 { return i.OrganizationID }), err
	})
}

// OwnInvitations are those that wait for the reader, newest first.
func (l *Loaders) OwnInvitations(ctx context.Context) ([]*ent.Invitation, error) {
	reader, err := l.Reader()
	if err != nil {
		return nil, err
	}
	return l.invitations(ctx, func(s *sql.Selector) {
		s.Where(reader.Invited(sql.Dialect(s.Dialect()), s.C))
		s.OrderBy(sql.Desc(s.C("created_at")), sql.Desc(s.C("id"))).Limit(maxInvitations)
	})
}

// Inviting loads, by id, the organisations of invitations that the reader sees:
// who is invited may know the name before they are a member.
func (l *Loaders) Inviting() *Edge[int64, *ent.Organization] {
	return byID(l, "Inviting", l.organizations, func(r *store.Reader) store.Condition {
		return func(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
			i := d.Table("invitations").As("inviting")
			return sql.Exists(d.Select(i.C("id")).From(i).Where(sql.And(
				sql.ColumnsEQ(i.C("organization_id"), col("id")), r.Invitations(d, i.C))))
		}
	})
}
