package store

import (
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
)

// Reader is whose eyes a question is answered for. Its methods are the rules
// that say which rows those eyes see: every path to such rows adds them, be it to
// a list, a count or a single object. The zero Reader is nobody, and sees what is public.
type Reader struct {
	// User is the key of the user; 0 for nobody.
	User int64
	// EmailKey is the e-mail address that the user has shown to be theirs, as addresses are compared.
	EmailKey string
	// Roles are the user's roles, by organisation.
	Roles map[int64]enum.OrganizationRole
	// IsModerator is true where the user may see hidden reviews.
	IsModerator bool
	// At is when the question was asked.
	At calendar.Instant
}

// Role is the reader's role in an organisation; none for a visitor.
func (r *Reader) Role(organization int64) enum.OrganizationRole { return r.Roles[organization] }

// with gives the organisations in which the reader has at least a role.
func (r *Reader) with(role enum.OrganizationRole) []int64 {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(r.Roles)), func(o int64) bool { return !r.Roles[o].Includes(role) })
}

// Organizations lets through those that the reader is a member of, and those
// with a public project.
func (r *Reader) Organizations(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	p := d.Table("projects").As("shown")
	isOpen := sql.Exists(d.Select(p.C("id")).From(p).Where(sql.And(
		sql.ColumnsEQ(p.C("organization_id"), col("id")), isPublic(p.C))))
	return r.orMember(enum.RoleViewer, col("id"), isOpen)
}

// Projects lets through those of the reader's organisations, and public ones.
func (r *Reader) Projects(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	return r.orMember(enum.RoleViewer, col("organization_id"), isPublic(col))
}

// StackComponents lets through those of the reader's organisations, and those of
// public projects as far as the catalogue knows them.
func (r *Reader) StackComponents(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	p := d.Table("projects").As("shown")
	isOpen := sql.And(sql.NotNull(col("technology_id")), sql.Exists(d.Select(p.C("id")).From(p).Where(sql.And(
		sql.ColumnsEQ(p.C("id"), col("project_id")), isPublic(p.C)))))
	return r.orMember(enum.RoleViewer, col("organization_id"), isOpen)
}

// Findings lets through those of the reader's organisations.
func (r *Reader) Findings(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	return r.orMember(enum.RoleViewer, col("organization_id"), nil)
}

// Webhooks lets through those of organisations that the reader owns.
func (r *Reader) Webhooks(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	return r.orMember(enum.RoleOwner, col("organization_id"), nil)
}

// Members lets through those of the reader's organisations.
func (r *Reader) Members(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	return r.orMember(enum.RoleViewer, col("organization_id"), nil)
}

// Invitations lets through those to the reader, and those of organisations that
// the reader owns, until they expire.
func (r *Reader) Invitations(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	return sql.And(sql.GT(col("expires_at"), int64(r.At)), r.orMember(enum.RoleOwner, col("organization_id"), r.Invited(d, col)))
}

// Invited lets through the invitations to the reader.
func (r *Reader) Invited(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	if r.EmailKey == "" {
		return nothing()
	}
	return sql.And(sql.GT(col("expires_at"), int64(r.At)), In(col("email_key"), []string{r.EmailKey}))
}

// Reviews lets through those that are shown, the reader's own, and all for moderators.
func (r *Reader) Reviews(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	shown := sql.EQ(col("is_hidden"), false)
	switch {
	case r.IsModerator:
		return everything()
	case r.User == 0:
		return shown
	}
	return sql.Or(shown, sql.EQ(col("author_id"), r.User))
}

// Users lets through the reader, those who share an organisation with the
// reader, those who accepted a finding of it, those with a review that the reader sees, and those whose deeds the
// reader can follow in the log of an organisation.
func (r *Reader) Users(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	w := d.Table("reviews").As("written")
	known := sql.Exists(d.Select(w.C("id")).From(w).Where(sql.And(sql.ColumnsEQ(w.C("author_id"), col("id")), r.Reviews(d, w.C))))
	if r.User == 0 {
		return known
	}
	rules := []*sql.Predicate{known, sql.EQ(col("id"), r.User)}
	if mine := r.with(enum.RoleViewer); len(mine) > 0 {
		m := d.Table("members").As("fellow")
		rules = append(rules, sql.Exists(d.Select(m.C("id")).From(m).Where(sql.And(
			sql.ColumnsEQ(m.C("user_id"), col("id")), In(m.C("organization_id"), mine)))))
		f := d.Table("findings").As("accepted")
		rules = append(rules, sql.Exists(d.Select(f.C("id")).From(f).Where(sql.And(
			sql.ColumnsEQ(f.C("acknowledged_by_id"), col("id")), In(f.C("organization_id"), mine),
			sql.IsNull(f.C("fixed_at")), sql.GTE(f.C("acknowledged_until"), int64(calendar.DayOf(r.At.Time())))))))
	}
	if followed := r.with(enum.RoleMaintainer); len(followed) > 0 {
		c := d.Table("changes").As("done")
		rules = append(rules, sql.Exists(d.Select(c.C("id")).From(c).Where(sql.And(
			sql.ColumnsEQ(c.C("actor_id"), col("id")), In(c.C("log_id"), followed)))))
	}
	return sql.Or(rules...)
}

// MayKnow says whether a change is among those that the reader may know of; a
// reader who may know of none of that log gets a fault of kind Forbidden.
func (r *Reader) MayKnow(c *ent.Change) (bool, error) {
	if c.LogID == PublicLog {
		return true, nil
	}
	role := r.Role(c.LogID)
	if role == "" {
		return false, noMember()
	}
	return role.Rank() >= c.Rank, nil
}

func noMember() error {
	e := fault.New(fault.Forbidden, "this takes the role %s in the organisation", enum.RoleViewer)
	e.Details = map[string]any{"requiredRole": enum.RoleViewer}
	return e
}

// orMember lets through what belongs to an organisation in which the reader has
// the role, and what is open anyway.
func (r *Reader) orMember(role enum.OrganizationRole, organization string, isOpen *sql.Predicate) *sql.Predicate {
	mine := r.with(role)
	switch {
	case isOpen == nil && len(mine) == 0:
		return nothing()
	case isOpen == nil:
		return In(organization, mine)
	case len(mine) == 0:
		return isOpen
	}
	return sql.Or(In(organization, mine), isOpen)
}

func isPublic(col func(string) string) *sql.Predicate {
	return sql.EQ(col("visibility"), string(enum.VisibilityPublic))
}

func nothing() *sql.Predicate    { return sql.ExprP("1 = 0") }
func everything() *sql.Predicate { return sql.ExprP("1 = 1") }

// visible is the condition that a row has the key, and passes a rule.
func visible(rule Condition, key int64) func(*sql.Selector) {
	return func(s *sql.Selector) {
		s.Where(sql.EQ(s.C("id"), key)).Where(rule(sql.Dialect(s.Dialect()), s.C))
	}
}
