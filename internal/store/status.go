package store

import (
	"entgo.io/ent/dialect/sql"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
)

// The conditions below say in SQL what packages lifecycle and advice say of values; tests
// hold the two together.

// CycleStatusIn lets through the release cycles that have one of the statuses today.
func CycleStatusIn(statuses []enum.LifecycleStatus, today calendar.Day) Condition {
	return func(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		return sql.P(func(b *sql.Builder) {
			writeRank(b, col, today)
			writeRanks(b, statuses)
		})
	}
}

// TechnologyStatusIn lets through the technologies whose best cycle has one of
// the statuses today; without cycles the status is unknown.
func TechnologyStatusIn(statuses []enum.LifecycleStatus, today calendar.Day) Condition {
	return func(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		c := d.Table("release_cycles").As("c")
		return sql.P(func(b *sql.Builder) {
			b.WriteString("COALESCE((SELECT MIN(")
			writeRank(b, c.C, today)
			b.WriteString(") FROM release_cycles AS ").Ident("c").WriteString(" WHERE " + c.C("technology_id") + " = " + col("id") + "), " + rankOf(enum.StatusUnknown) + ")")
			writeRanks(b, statuses)
		})
	}
}

// CycleIsLongTerm lets through the release cycles that have long-term support
// today, or those that have not.
func CycleIsLongTerm(is bool, today calendar.Day) Condition {
	return func(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		p := sql.And(sql.EQ(col("is_long_term"), true), sql.Or(sql.IsNull(col("long_term_from")), sql.LTE(col("long_term_from"), int64(today))))
		if is {
			return p
		}
		return sql.Not(p)
	}
}

// FindingStateIn lets through the findings that stand in one of the states today.
func FindingStateIn(states []enum.FindingState, today calendar.Day) Condition {
	return func(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		isFixed := sql.NotNull(col("fixed_at"))
		isAccepted := sql.And(sql.NotNull(col("acknowledged_until")), sql.GTE(col("acknowledged_until"), int64(today)))
		some := []*sql.Predicate{sql.ExprP("1 = 0")}
		for _, s := range states {
			switch s {
			case enum.FindingFixed:
				some = append(some, isFixed)
			case enum.FindingAcknowledged:
				some = append(some, sql.And(sql.Not(isFixed), isAccepted))
			case enum.FindingOpen:
				some = append(some, sql.And(sql.Not(isFixed), sql.Not(isAccepted)))
			}
		}
		return sql.Or(some...)
	}
}

// writeRank writes the place of a cycle's status among all, as lifecycle.Rank gives it.
func writeRank(b *sql.Builder, col func(string) string, today calendar.Day) {
	isOver := func(until, flag string) {
		b.WriteString("(" + col(until) + " < ").Arg(int64(today))
		b.WriteString(" OR " + col(until) + " IS NULL AND " + col(flag) + ")")
	}
	isRunning := func(until, flag string) {
		b.WriteString("(" + col(until) + " >= ").Arg(int64(today))
		b.WriteString(" OR " + col(until) + " IS NULL AND NOT " + col(flag) + ")")
	}
	when := func(s enum.LifecycleStatus, conditions ...func()) {
		for i, c := range conditions {
			b.WriteString([]string{" WHEN ", " AND "}[min(i, 1)])
			c()
		}
		b.WriteString(" THEN " + rankOf(s))
	}
	ended := func() { isOver("end_of_life_on", "end_of_life_passed") }
	running := func() { isRunning("end_of_life_on", "end_of_life_passed") }
	b.WriteString("CASE")
	when(enum.StatusUpcoming, func() { b.WriteString(col("released_on") + " > ").Arg(int64(today)) })
	when(enum.StatusExtendedOnly, ended, func() { isRunning("extended_support_until", "extended_support_over") })
	when(enum.StatusEndOfLife, ended)
	when(enum.StatusSecurityOnly, running, func() { isOver("active_support_until", "active_support_over") })
	when(enum.StatusActive, running)
	when(enum.StatusActive, func() { isRunning("active_support_until", "active_support_over") })
	b.WriteString(" ELSE " + rankOf(enum.StatusUnknown) + " END")
}

func writeRanks(b *sql.Builder, statuses []enum.LifecycleStatus) {
	b.WriteString(" IN (-1")
	for _, s := range statuses {
		b.WriteString(", " + rankOf(s))
	}
	b.WriteString(")")
}

func rankOf(s enum.LifecycleStatus) string { return digit(lifecycle.Rank(s)) }
