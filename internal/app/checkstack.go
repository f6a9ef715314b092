package app

import (
	"context"
	"strings"

	"stackyard/internal/advice"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/source/sbom"
)

// StackCheck is what is wrong with a set of components.
type StackCheck struct {
	Components []*CheckedComponent
	Findings   []advice.Finding // most severe first
	Score      int              // 0 to 100
	AsOf       calendar.Day     // of the oldest fact
}

// CheckedComponent is a component, and what it was recognised as.
type CheckedComponent struct {
	Name         string
	GivenVersion *string
	MatchedBy    *enum.MatchMethod // nil where it was not
	Of           *advice.Technology
	Cycle        *advice.Cycle // nil where the version belongs to none
}

// CheckStack says what is wrong with a set of components on a day. It keeps nothing.
func (a *App) CheckStack(ctx context.Context, today calendar.Day, named []*StackComponentInput, in *StackContextInput) (*StackCheck, error) {
	if len(named) > a.limits.CheckedComponents {
		return nil, fault.BadInput("components lists %d components, more than %d (--max-checked-components)", len(named), a.limits.CheckedComponents)
	}
	var f faults
	about, err := a.context(ctx, &f, in)
	if err != nil {
		return nil, err
	}
	parts, known, err := readComponents(ctx, a.db.Read(), &f, "components", entriesOf(named))
	if err != nil {
		return nil, err
	}
	if err := f.badInput(); err != nil {
		return nil, err
	}
	by := make([]enum.MatchMethod, len(known))
	for i, k := range known {
		by[i] = k.by
	}
	return a.check(ctx, parts, by, about, today)
}

// CheckDocument says what is wrong, on a day, with those components of a document that the catalogue knows, and
// which it does not know.
func (a *App) CheckDocument(ctx context.Context, today calendar.Day, doc *sbom.Document, in *StackContextInput) (*StackCheck, []*UnrecognizedComponent, error) {
	var f faults
	about, err := a.context(ctx, &f, in)
	if err != nil {
		return nil, nil, err
	}
	if err := f.badInput(); err != nil {
		return nil, nil, err
	}
	l, err := readListed(ctx, a.db.Read(), doc.Components)
	if err != nil {
		return nil, nil, err
	}
	out, err := a.check(ctx, l.parts, l.by, about, today)
	return out, l.unrecognized, err
}

// check holds components against the rules; by says how each was recognised.
func (a *App) check(ctx context.Context, parts []component, by []enum.MatchMethod, about advice.Context, today calendar.Day) (*StackCheck, error) {
	components, err := a.judged(ctx, parts)
	if err == nil {
		err = ctx.Err() // many checks in one operation end with its time
	}
	if err != nil {
		return nil, err
	}
	r := advice.Check(components, about, today)
	out := &StackCheck{Findings: r.Findings, Score: r.Score, AsOf: r.AsOf, Components: make([]*CheckedComponent, len(components))}
	for i, c := range components {
		out.Components[i] = &CheckedComponent{Name: c.Name, GivenVersion: given(c.Version), Of: c.Technology, Cycle: r.Cycles[i]}
		if c.Technology != nil {
			out.Components[i].MatchedBy = &by[i]
		}
	}
	return out, nil
}

// context reads what a stack is for.
func (a *App) context(ctx context.Context, f *faults, in *StackContextInput) (advice.Context, error) {
	if in == nil {
		return advice.Context{}, nil
	}
	f.horizon(in.EndOfLifeHorizonDays)
	out := advice.Context{
		HasUserAccounts: in.HasUserAccounts, IsInternetFacing: in.IsInternetFacing,
		EndOfLifeHorizonDays: in.EndOfLifeHorizonDays, AllowedLicenses: f.licenses(in.AllowedLicenses),
	}
	if in.Traffic != nil {
		out.Traffic = *in.Traffic
	}
	id, err := useCase(ctx, a.db.Read(), f, in.UseCase)
	if id != nil {
		out.UseCase = strings.TrimSpace(*in.UseCase)
	}
	return out, err
}

// judged gives components as the rules look at them.
func (a *App) judged(ctx context.Context, parts []component) ([]advice.Component, error) {
	out := make([]advice.Component, len(parts))
	if len(parts) == 0 {
		return out, nil
	}
	facts, err := a.db.Facts(ctx)
	if err != nil {
		return nil, err
	}
	for i, c := range parts {
		out[i] = advice.Component{Name: c.name, Version: c.version}
		if c.technology != nil {
			out[i].Technology = facts.Technologies[*c.technology] // nil where it is gone since
		}
		if c.purl != nil {
			out[i].Package = advice.PackageOf(*c.purl)
		}
	}
	return out, nil
}
