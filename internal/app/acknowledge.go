package app

import (
	"context"
	"fmt"

	"stackyard/ent"
	"stackyard/ent/finding"
	"stackyard/ent/project"
	"stackyard/ent/stackcomponent"
	"stackyard/internal/advice"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
)

const (
	// mostReason is how many characters the reason for accepting a finding has.
	mostReason = 1000
	// longestAcknowledgement is how many days a finding is accepted for, at most.
	longestAcknowledgement = 366
)

// AcknowledgeFinding accepts a finding until a day, with a reason. It counts for
// nothing meanwhile, and comes back when the time is over, or it becomes more severe than it
// was: at once, where an accepted one is given a day that has passed.
func (a *App) AcknowledgeFinding(ctx context.Context, by Caller, in AcknowledgeFindingInput) (relay.ID, error) {
	return a.run(ctx, by, "acknowledgeFinding", func(ctx context.Context, w *work) (relay.ID, error) {
		found, err := w.finding(ctx, in.FindingID)
		if err != nil {
			return relay.ID{}, err
		}
		today := calendar.DayOf(w.now.Time())
		var f faults
		reason := f.prose(at("reason"), &in.Reason, mostReason)
		if reason == nil && f.err() == nil {
			f.add(at("reason"), enum.InputRequired, "it is blank")
		}
		isWithdrawn := in.Until < today && stateOf(found, today) == enum.FindingAcknowledged
		if in.Until < today && !isWithdrawn || in.Until.Sub(today) > longestAcknowledgement {
			f.add(at("until"), enum.InputOutOfRange, "it is a day from %s on, at most %d days ahead", today, longestAcknowledgement)
		}
		if found.FixedAt != nil {
			f.add(at("findingId"), enum.InputInvalid, "it is fixed")
		}
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		update := found.Update().SetAcknowledgedByID(w.user).SetAcknowledgedReason(*reason).SetAcknowledgedUntil(in.Until).
			SetAcknowledgedSeverity(found.Severity)
		if isWithdrawn {
			update = unacknowledged(found.Update())
		}
		if err := update.Exec(ctx); err != nil {
			return relay.ID{}, err
		}
		return found.GlobalID(), w.rescore(ctx, found.ProjectID, today)
	})
}

// unacknowledged takes back that a finding is accepted.
func unacknowledged(f *ent.FindingUpdateOne) *ent.FindingUpdateOne {
	return f.ClearAcknowledgedByID().ClearAcknowledgedReason().ClearAcknowledgedUntil().ClearAcknowledgedSeverity()
}

// finding finds the finding that an input names, and holds its organisation.
func (w *work) finding(ctx context.Context, id relay.ID) (*ent.Finding, error) {
	const field = "findingId"
	if id.Type != relay.TypeFinding {
		return nil, notFound(field)
	}
	f, err := w.Finding.Query().Where(finding.ID(id.Key), seen(w.reader.Findings)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, notFound(field)
	}
	if err != nil {
		return nil, fmt.Errorf("finding a finding: %w", err)
	}
	if _, err := w.held(ctx, field, f.OrganizationID, enum.RoleEditor); err != nil {
		return nil, err
	}
	f, err = w.Finding.Get(ctx, id.Key)
	if ent.IsNotFound(err) {
		return nil, notFound(field)
	}
	if err != nil {
		return nil, fmt.Errorf("reading a finding: %w", err)
	}
	return f, nil
}

// rescore computes a project's score anew from its findings.
func (w *work) rescore(ctx context.Context, id int64, today calendar.Day) error {
	stack, err := w.StackComponent.Query().Where(stackcomponent.ProjectID(id)).Select(stackcomponent.FieldTechnologyID).All(ctx)
	if err != nil {
		return fmt.Errorf("reading a stack: %w", err)
	}
	place := make(map[int64]int, len(stack))
	for i, c := range stack {
		place[c.ID] = i
	}
	kept, err := w.Finding.Query().Where(finding.ProjectID(id), finding.FixedAtIsNil()).All(ctx)
	if err != nil {
		return fmt.Errorf("reading findings: %w", err)
	}
	var open []advice.Finding
	for _, f := range kept {
		if stateOf(f, today) != enum.FindingOpen {
			continue
		}
		one := advice.Finding{Severity: f.Severity, Component: advice.Whole}
		if f.ComponentID != nil {
			one.Component = place[*f.ComponentID]
		}
		open = append(open, one)
	}
	update := w.Project.Update().Where(project.ID(id))
	setSome(scoreOf(stack, open), update.Mutation().SetScore, update.Mutation().ClearScore)
	return update.Exec(ctx)
}
