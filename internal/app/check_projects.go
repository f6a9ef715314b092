package app

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"stackyard/ent"
	"stackyard/ent/finding"
	"stackyard/ent/project"
	"stackyard/ent/stackcomponent"
	"stackyard/ent/usecase"
	"stackyard/internal/advice"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/store"
)

// checking computes what there is to know of projects of one organisation, and
// keeps it. Whoever checks holds the organisation.
type checking struct {
	*ent.Tx
	facts *store.Facts
	now   calendar.Instant
	today calendar.Day
	// of is the organisation.
	of *ent.Organization
	// useCases are slugs, by key.
	useCases map[int64]string
}

// checked is a project with all that its check needs.
type checked struct {
	*ent.Project
	stack []*ent.StackComponent
	// kept are its findings until now, by identity.
	kept map[string]*ent.Finding
}

// check checks projects of an organisation that the use case holds.
func (w *work) check(ctx context.Context, organization int64, projects ...int64) error {
	facts, err := w.known(ctx)
	if err != nil {
		return err
	}
	return check(ctx, w.Tx, facts, w.now, organization, projects)
}

// check checks projects of an organisation, which the transaction holds.
func check(ctx context.Context, tx *ent.Tx, facts *store.Facts, now calendar.Instant, organization int64, projects []int64) error {
	c := &checking{Tx: tx, facts: facts, now: now, today: calendar.DayOf(now.Time())}
	var err error
	if c.of, err = tx.Organization.Get(ctx, organization); err != nil {
		return fmt.Errorf("reading an organisation's rules: %w", err)
	}
	all, err := c.read(ctx, projects)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := c.check(ctx, p); err != nil {
			return fmt.Errorf("checking a project: %w", err)
		}
	}
	return nil
}

// read reads projects with their stacks and findings, in as many statements for any number of projects.
func (c *checking) read(ctx context.Context, ids []int64) ([]*checked, error) {
	projects, err := c.Project.Query().Where(among(ids)).Order(ent.Asc(project.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading projects: %w", err)
	}
	byID := make(map[int64]*checked, len(projects))
	all := make([]*checked, len(projects))
	var useCases []int64
	for i, p := range projects {
		all[i] = &checked{Project: p, kept: map[string]*ent.Finding{}}
		byID[p.ID] = all[i]
		if p.UseCaseID != nil {
			useCases = append(useCases, *p.UseCaseID)
		}
	}
	stack, err := c.StackComponent.Query().Where(oneOf(stackcomponent.FieldProjectID, ids)).
		Order(ent.Asc(stackcomponent.FieldProjectID, stackcomponent.FieldPosition, stackcomponent.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading stacks: %w", err)
	}
	for _, part := range stack {
		p := byID[part.ProjectID]
		p.stack = append(p.stack, part)
	}
	kept, err := c.Finding.Query().Where(oneOf(finding.FieldProjectID, ids)).Order(ent.Asc(finding.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", err)
	}
	for _, f := range kept {
		byID[f.ProjectID].kept[f.Identity] = f
	}
	c.useCases = map[int64]string{}
	known, err := c.UseCase.Query().Where(oneOf(usecase.FieldID, useCases)).Select(usecase.FieldSlug).All(ctx)
	for _, u := range known {
		c.useCases[u.ID] = u.Slug
	}
	if err != nil {
		return nil, fmt.Errorf("reading use cases: %w", err)
	}
	return all, nil
}

func (c *checking) check(ctx context.Context, p *checked) error {
	if err := c.placeInCycles(ctx, p); err != nil {
		return err
	}
	found := advice.Check(c.components(p), c.context(p), c.today).Findings
	open, err := c.keep(ctx, p, found)
	if err != nil {
		return err
	}
	update := p.Update().SetCheckedAt(c.now).SetCheckedOn(c.today).SetCheckedSequence(c.facts.Sequence)
	setSome(scoreOf(p.stack, open), update.Mutation().SetScore, update.Mutation().ClearScore)
	return update.Exec(ctx)
}

// scoreOf is the score of a stack with what is open about it; nil where the catalogue knows nothing in it.
func scoreOf(stack []*ent.StackComponent, open []advice.Finding) *int {
	if !slices.ContainsFunc(stack, func(c *ent.StackComponent) bool { return c.TechnologyID != nil }) {
		return nil
	}
	return new(advice.Score(len(stack), open))
}

// placeInCycles notes which release cycles the components are of.
func (c *checking) placeInCycles(ctx context.Context, p *checked) error {
	moved := map[int64][]int64{} // components by release cycle, 0 for none
	for _, part := range p.stack {
		cycle := orNone(installedCycle(c.facts, componentOf(part)))
		if cycle != orNone(part.ReleaseCycleID) {
			moved[cycle] = append(moved[cycle], part.ID)
		}
	}
	for _, cycle := range sortedKeys(moved) {
		update := c.StackComponent.Update().Where(among(moved[cycle]))
		if cycle == 0 {
			update.ClearReleaseCycleID()
		} else {
			update.SetReleaseCycleID(cycle)
		}
		if err := update.Exec(ctx); err != nil {
			return fmt.Errorf("noting release cycles: %w", err)
		}
	}
	return nil
}

// installedCycle is the release cycle of a component's version; nil where none is known.
func installedCycle(facts *store.Facts, c component) *int64 {
	t := facts.Technologies[orNone(c.technology)]
	if t == nil {
		return nil
	}
	if of := t.CycleOf(c.version); of != nil {
		return &of.ID
	}
	return nil
}

// components are the stack as the rules look at it.
func (c *checking) components(p *checked) []advice.Component {
	out := make([]advice.Component, len(p.stack))
	for i, part := range p.stack {
		out[i] = advice.Component{Name: part.Name, Version: orEmpty(part.InstalledVersion)}
		if part.TechnologyID != nil {
			out[i].Technology = c.facts.Technologies[*part.TechnologyID]
		}
		if part.Purl != nil {
			out[i].Package = advice.PackageOf(*part.Purl)
		}
	}
	return out
}

// context is what the project is for, and what its organisation holds it to.
func (c *checking) context(p *checked) advice.Context {
	is := advice.Context{
		HasUserAccounts: p.HasUserAccounts, IsInternetFacing: p.IsInternetFacing,
		EndOfLifeHorizonDays: c.of.EndOfLifeHorizonDays, AllowedLicenses: c.of.AllowedLicenses, DisabledRules: c.of.DisabledRules,
	}
	if p.UseCaseID != nil {
		is.UseCase = c.useCases[*p.UseCaseID]
	}
	if p.Traffic != nil {
		is.Traffic = *p.Traffic
	}
	return is
}

// keep keeps what was found: what is new is added, what came back is open again
// under its id, and what is gone is fixed. It gives what is open, and not acknowledged.
func (c *checking) keep(ctx context.Context, p *checked, found []advice.Finding) (open []advice.Finding, err error) {
	var added []*ent.FindingCreate
	isFound := make(map[string]bool, len(found))
	for _, f := range found {
		identity := p.identity(f)
		isFound[identity] = true
		was := p.kept[identity]
		if was == nil {
			added = append(added, c.newFinding(p, f, identity))
		} else if err := c.update(ctx, was, f); err != nil {
			return nil, fmt.Errorf("changing a finding: %w", err)
		}
		if was == nil || !c.staysAccepted(was, f) {
			open = append(open, f)
		}
	}
	var gone []int64
	for identity, f := range p.kept {
		if !isFound[identity] && f.FixedAt == nil {
			gone = append(gone, f.ID)
		}
	}
	if len(gone) > 0 {
		err := c.Finding.Update().Where(among(gone)).SetFixedAt(c.now).SetLastSeenAt(p.CheckedAt).Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("closing findings: %w", err)
		}
	}
	for some := range slices.Chunk(added, addedAtOnce) {
		if err := c.Finding.CreateBulk(some...).Exec(ctx); err != nil {
			return nil, fmt.Errorf("adding findings: %w", err)
		}
	}
	return open, nil
}

// identity tells a project's findings apart, and is the same whenever one comes back.
func (p *checked) identity(f advice.Finding) string {
	component := int64(0)
	if f.Component != advice.Whole {
		component = p.stack[f.Component].ID
	}
	return strconv.FormatInt(component, 10) + " " + f.Key()
}

func (c *checking) newFinding(p *checked, f advice.Finding, identity string) *ent.FindingCreate {
	create := c.Finding.Create().SetProjectID(p.ID).SetOrganizationID(p.OrganizationID).SetIdentity(identity).SetFirstSeenAt(c.now)
	if f.Component != advice.Whole {
		create.SetComponentID(p.stack[f.Component].ID)
	}
	write(create.Mutation(), f)
	return create
}

// write sets what a check says of a finding.
func write(m *ent.FindingMutation, f advice.Finding) {
	m.SetRule(f.Rule)
	m.SetSeverity(f.Severity)
	m.SetSeverityRank(advice.Rank(f.Severity))
	m.SetMessage(f.Message)
	m.SetAdvice(f.Advice)
	setSome(given(f.FixedBy), m.SetFixedBy, m.ClearFixedBy)
	setSome(advisoryOf(f), m.SetAdvisoryID, m.ClearAdvisoryID)
}

func advisoryOf(f advice.Finding) *int64 {
	if f.Advisory == nil {
		return nil
	}
	return &f.Advisory.ID
}

// update brings a finding up to date, if anything of it has changed.
func (c *checking) update(ctx context.Context, was *ent.Finding, f advice.Finding) error {
	isBack := was.FixedAt != nil
	isOver := was.AcknowledgedUntil != nil && !c.staysAccepted(was, f)
	isSame := was.Severity == f.Severity && was.Message == f.Message && was.Advice == f.Advice &&
		orEmpty(was.FixedBy) == f.FixedBy && orNone(was.AdvisoryID) == orNone(advisoryOf(f))
	if isSame && !isBack && !isOver {
		return nil
	}
	update := was.Update()
	write(update.Mutation(), f)
	if isBack {
		update.ClearFixedAt().ClearLastSeenAt()
	}
	if isOver {
		unacknowledged(update)
	}
	return update.Exec(ctx)
}

// staysAccepted says whether what is found again is accepted as it is now: not where it has become more severe than
// what was accepted. A server from before that was kept may still accept findings.
func (c *checking) staysAccepted(was *ent.Finding, f advice.Finding) bool {
	accepted := *cmp.Or(was.AcknowledgedSeverity, &was.Severity)
	return stateOf(was, c.today) == enum.FindingAcknowledged && advice.Rank(f.Severity) >= advice.Rank(accepted)
}

// stateOf says where a finding stands today.
func stateOf(f *ent.Finding, today calendar.Day) enum.FindingState {
	return advice.StateOf(f.FixedAt, f.AcknowledgedUntil, today)
}

func orNone(key *int64) int64 { return *cmp.Or(key, new(int64)) }

func sortedKeys[T any](of map[int64]T) []int64 { return slices.Sorted(maps.Keys(of)) }
