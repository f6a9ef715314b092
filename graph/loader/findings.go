package loader

import (
	"cmp"
	"context"
	"errors"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/advice"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// FindingFilter is what findings must fulfil; every condition that is given must hold.
type FindingFilter struct {
	Rules      []enum.FindingRule  `json:"rules"`
	Severities []enum.Severity     `json:"severities"`
	States     []enum.FindingState `json:"states"`
}

// FindingArgs are the arguments of a list of findings.
type FindingArgs struct {
	relay.PageArgs
	Filter *FindingFilter `json:"filter"`
}

const tableFindings = "findings"

// Finding loads by id.
func (l *Loaders) Finding() *Edge[int64, *ent.Finding] {
	return byID(l, "Finding", l.findings, visibleFindings)
}

func visibleFindings(r *store.Reader) store.Condition { return r.Findings }

func (l *Loaders) findings(ctx context.Context, w where) ([]*ent.Finding, error) {
	return l.db.Read().Finding.Query().Where(w).Select(l.columns["Finding"]...).All(ctx)
}

// ProjectFindings loads, by project, what is to be known of it, most severe first.
func (l *Loaders) ProjectFindings(args FindingArgs) Pages[*ent.Finding] {
	return l.findingsOf("Project.findings", "project_id", func(f *ent.Finding) int64 { return f.ProjectID }, args)
}

// OrganizationFindings loads, by organisation, what is to be known of its projects, most severe first.
func (l *Loaders) OrganizationFindings(args FindingArgs) Pages[*ent.Finding] {
	return l.findingsOf("Organization.findings", "organization_id", func(f *ent.Finding) int64 { return f.OrganizationID }, args)
}

func (l *Loaders) findingsOf(scope, fk string, parent func(*ent.Finding) int64, args FindingArgs) Pages[*ent.Finding] {
	worst := order[*ent.Finding]{
		store.Order{{Column: "severity_rank"}, {Column: "id"}},
		func(f *ent.Finding) []any { return []any{int64(f.SeverityRank), f.ID} },
	}
	f := cmp.Or(args.Filter, &FindingFilter{})
	filter, err := l.findingFilter(f)
	if err != nil {
		return refused[*ent.Finding](err)
	}
	list, err := newList(l, scope, worst, f, filter, args.PageArgs)
	if err != nil {
		return refused[*ent.Finding](err)
	}
	return guarded[*ent.Finding]{list: list, table: tableFindings, fk: fk, parent: parent, read: l.findings, rule: visibleFindings}.pages(l)
}

func (l *Loaders) findingFilter(f *FindingFilter) (store.Filter, error) {
	var out store.Filter
	if f.Rules != nil {
		out.Conditions = append(out.Conditions, columnIn("rule", f.Rules))
	}
	if f.Severities != nil {
		out.Conditions = append(out.Conditions, columnIn("severity", f.Severities))
	}
	if f.States != nil {
		out.Conditions = append(out.Conditions, store.FindingStateIn(f.States, l.today))
	}
	return out, errors.Join(checkValues(l, "rules", f.Rules), checkValues(l, "severities", f.Severities), checkValues(l, "states", f.States))
}

// FindingState says where a finding stands today.
func (l *Loaders) FindingState(f *ent.Finding) enum.FindingState {
	return advice.StateOf(f.FixedAt, f.AcknowledgedUntil, l.today)
}

// Acknowledgement is that somebody accepts a finding for a while.
type Acknowledgement struct {
	// ByID is the key of the user.
	ByID int64
	// Organization is the key of whose finding it is.
	Organization int64

	Reason string
	Until  calendar.Day
}

// Acknowledgement gives that of a finding; nil where nobody accepts it today.
func (l *Loaders) Acknowledgement(f *ent.Finding) *Acknowledgement {
	if l.FindingState(f) != enum.FindingAcknowledged {
		return nil
	}
	return &Acknowledgement{ByID: *f.AcknowledgedByID, Organization: f.OrganizationID, Reason: *f.AcknowledgedReason, Until: *f.AcknowledgedUntil}
}

// withOpenFindings is the condition that a project has findings that are open, or has none.
func (l *Loaders) withOpenFindings(has bool) store.Condition {
	isOpen := store.FindingStateIn([]enum.FindingState{enum.FindingOpen}, l.today)
	return func(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		f := d.Table(tableFindings).As("open")
		open := d.Select(f.C("id")).From(f).Where(sql.And(sql.ColumnsEQ(f.C("project_id"), col("id")), isOpen(d, f.C)))
		if has {
			return sql.Exists(open)
		}
		return sql.NotExists(open)
	}
}
