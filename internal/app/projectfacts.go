package app

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/text/currency"

	"stackyard/ent"
	"stackyard/ent/usecase"
	"stackyard/internal/enum"
	"stackyard/internal/text"
)

// What the contract says of projects.
const (
	mostDescription = 2000
	mostTeam        = 100
)

// projectFacts are what people say of a project.
type projectFacts struct {
	slug             string
	name             string
	description      *string
	team             *string
	visibility       enum.Visibility
	useCase          *int64
	traffic          *enum.Traffic
	hasUserAccounts  *bool
	isInternetFacing *bool
	cost             *MoneyInput
}

func factsOf(p *ent.Project) projectFacts {
	is := projectFacts{
		slug: p.Slug, name: p.Name, description: p.Description, team: p.Team, visibility: p.Visibility, useCase: p.UseCaseID,
		traffic: p.Traffic, hasUserAccounts: p.HasUserAccounts, isInternetFacing: p.IsInternetFacing,
	}
	if p.CostAmount != nil && p.CostCurrency != nil {
		is.cost = &MoneyInput{Amount: *p.CostAmount, Currency: *p.CostCurrency}
	}
	return is
}

func (p projectFacts) equals(o projectFacts) bool { return reflect.DeepEqual(p, o) }

// newProject reads what is said of a new project, all but its use case and stack.
func (f *faults) newProject(in CreateProjectInput) projectFacts {
	return projectFacts{
		slug: f.slug(at("slug"), in.Slug, mostSlug), name: f.line(at("name"), in.Name, mostName),
		description: f.prose(at("description"), in.Description, mostDescription), team: f.optionalLine(at("team"), in.Team, mostTeam),
		visibility: in.Visibility, traffic: in.Traffic, hasUserAccounts: in.HasUserAccounts, isInternetFacing: in.IsInternetFacing,
		cost: f.money(in.MonthlyCost),
	}
}

// changedProject reads what is said anew of a project, all but its use case.
func (f *faults) changedProject(was projectFacts, in UpdateProjectInput) projectFacts {
	is := was
	if in.Slug.IsSet() {
		is.slug = f.slug(at("slug"), orEmpty(in.Slug.Value()), mostSlug)
	}
	if in.Name.IsSet() {
		is.name = f.line(at("name"), orEmpty(in.Name.Value()), mostName)
	}
	if in.Description.IsSet() {
		is.description = f.prose(at("description"), in.Description.Value(), mostDescription)
	}
	if in.Team.IsSet() {
		is.team = f.optionalLine(at("team"), in.Team.Value(), mostTeam)
	}
	if v, isSet := in.Visibility.ValueOK(); isSet && v == nil {
		f.add(at("visibility"), enum.InputRequired, "it is missing")
	} else if isSet {
		is.visibility = *v
	}
	if in.Traffic.IsSet() {
		is.traffic = in.Traffic.Value()
	}
	if in.HasUserAccounts.IsSet() {
		is.hasUserAccounts = in.HasUserAccounts.Value()
	}
	if in.IsInternetFacing.IsSet() {
		is.isInternetFacing = in.IsInternetFacing.Value()
	}
	if in.MonthlyCost.IsSet() {
		is.cost = f.money(in.MonthlyCost.Value())
	}
	return is
}

// write sets everything that is said of a project, with what it is found and ordered by.
func (p projectFacts) write(m *ent.ProjectMutation) {
	m.SetSlug(p.slug)
	m.SetName(p.name)
	m.SetNameKey(text.Key(p.name))
	m.SetVisibility(p.visibility)
	setSome(p.description, m.SetDescription, m.ClearDescription)
	setSome(p.team, m.SetTeam, m.ClearTeam)
	setSome(p.useCase, m.SetUseCaseID, m.ClearUseCaseID)
	setSome(p.traffic, m.SetTraffic, m.ClearTraffic)
	setSome(p.hasUserAccounts, m.SetHasUserAccounts, m.ClearHasUserAccounts)
	setSome(p.isInternetFacing, m.SetIsInternetFacing, m.ClearIsInternetFacing)
	setSome(p.cost, func(c MoneyInput) { m.SetCostAmount(c.Amount); m.SetCostCurrency(c.Currency) },
		func() { m.ClearCostAmount(); m.ClearCostCurrency() })
	words := text.Words(p.slug + " " + p.name + " " + orEmpty(p.description))
	m.SetSearchText(" " + strings.Join(words, " "))
}

func setSome[T any](value *T, set func(T), clear func()) {
	if value == nil {
		clear()
		return
	}
	set(*value)
}

// useCase finds a use case by its slug; none is asked for where it is blank.
func (w *work) useCase(ctx context.Context, f *faults, slug *string) (*int64, error) {
	return useCase(ctx, w.Client(), f, slug)
}

func useCase(ctx context.Context, client *ent.Client, f *faults, slug *string) (*int64, error) {
	s := strings.TrimSpace(orEmpty(slug))
	if s == "" {
		return nil, nil
	}
	var id int64
	err := error(&ent.NotFoundError{})
	if wellFormed.MatchString(s) {
		id, err = client.UseCase.Query().Where(usecase.Slug(s)).OnlyID(ctx)
	}
	if ent.IsNotFound(err) {
		f.add(at("useCase"), enum.InputNotFound, "there is no use case with this slug")
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("finding a use case: %w", err)
	}
	return &id, nil
}

// money reads an amount in a currency that is in use.
func (f *faults) money(m *MoneyInput) *MoneyInput {
	const field = "monthlyCost"
	if m == nil {
		return nil
	}
	if m.Amount < 0 || m.Amount > math.MaxInt32 {
		f.add(at(field, "amount"), enum.InputOutOfRange, "it is from 0 to %d", math.MaxInt32)
	}
	code := strings.TrimSpace(m.Currency)
	switch {
	case code == "":
		f.add(at(field, "currency"), enum.InputRequired, "it is missing or blank")
	case !isCurrency(code):
		f.add(at(field, "currency"), enum.InputInvalid, "it is no ISO 4217 code of a currency in use, such as EUR")
	}
	return &MoneyInput{Amount: m.Amount, Currency: code}
}

// newCurrencies are in use, and younger than the library's list.
var newCurrencies = []string{"SLE", "VED", "XCG", "ZWG"}

// isCurrency says whether a code is that of a currency that is legal tender somewhere.
func isCurrency(code string) bool {
	for it := currency.Query(); it.Next(); {
		if it.Unit().String() == code {
			return true
		}
	}
	return slices.Contains(newCurrencies, code)
}
