package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"stackyard/internal/advice"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/store"
)

// Searches are what the searches for stacks in one operation may still do; they run one after the other.
type Searches struct {
	mu    sync.Mutex
	steps int
}

// NewSearches makes what one operation may do.
func (a *App) NewSearches() *Searches { return &Searches{steps: a.limits.RecommendationSteps} }

// recommend finds a stack.
func (s *Searches) recommend(ctx context.Context, all map[int64]*advice.Technology, r advice.Requirements, today calendar.Day) (*advice.Recommendation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return advice.Recommend(ctx, all, r, today, &s.steps)
}

// RecommendStack proposes a stack for requirements, on a day.
func (a *App) RecommendStack(ctx context.Context, today calendar.Day, in StackRequirementsInput, s *Searches) (*advice.Recommendation, error) {
	facts, err := a.db.Facts(ctx)
	if err != nil {
		return nil, err
	}
	var f faults
	if _, err := useCase(ctx, a.db.Read(), &f, &in.UseCase); err != nil {
		return nil, err
	}
	r := a.requirements(&f, facts, in)
	if err := f.badInput(); err != nil {
		return nil, err
	}
	out, err := s.recommend(ctx, facts.Technologies, r, today)
	if errors.Is(err, advice.ErrUnfinished) {
		return nil, fault.BadInput("the best stack was not found by looking at options %d times in one operation (--max-recommendation-steps); ask for fewer categories, or for fewer stacks at once", a.limits.RecommendationSteps)
	}
	return out, err
}

// requirements reads what a stack is to be recommended for.
func (a *App) requirements(f *faults, facts *store.Facts, in StackRequirementsInput) advice.Requirements {
	known := facts.BySlug()
	out := advice.Requirements{
		UseCase: strings.TrimSpace(in.UseCase), Traffic: in.Traffic, Data: in.DataComplexity, Logic: in.BusinessLogic, Growth: in.Growth,
		Expertise: a.expertise(f, known, in.Expertise), HasUserAccounts: in.HasUserAccounts, IsInternetFacing: in.IsInternetFacing,
		Security: in.Security, Compliance: in.Compliance, Hosting: in.Hosting, AllowedLicenses: f.licenses(in.AllowedLicenses),
		MustUse: a.slugs(f, "mustUse", known, in.MustUse), MustNotUse: a.slugs(f, "mustNotUse", known, in.MustNotUse),
		Categories: f.categories(in.Categories), Weights: f.weights(in.Weights),
	}
	if out.UseCase == "" {
		f.add(at("useCase"), enum.InputRequired, "it is missing or blank")
	}
	if len(out.MustUse) > a.limits.MustUse {
		f.add(at("mustUse"), enum.InputTooLong, "it lists %d technologies, more than %d (--max-must-use)", len(out.MustUse), a.limits.MustUse)
	}
	for i, slug := range in.MustNotUse {
		if slices.Contains(in.MustUse, slug) {
			f.add(at("mustNotUse", i), enum.InputInvalid, "`mustUse` names it, too")
		}
	}
	return out
}

// isTooLong notes that a list has more values than a check looks at components.
func (a *App) isTooLong(f *faults, field string, n int) bool {
	if n <= a.limits.CheckedComponents {
		return false
	}
	f.add(at(field), enum.InputTooLong, "it lists %d values, more than %d (--max-checked-components)", n, a.limits.CheckedComponents)
	return true
}

// slugs reads slugs of technologies, each once.
func (a *App) slugs(f *faults, field string, known map[string]*advice.Technology, given []string) []string {
	if a.isTooLong(f, field, len(given)) {
		return nil
	}
	var out []string
	for i, slug := range given {
		switch {
		case known[slug] == nil:
			f.add(at(field, i), enum.InputNotFound, "there is no technology with this slug")
		case !slices.Contains(out, slug):
			out = append(out, slug)
		}
	}
	return out
}

// expertise reads slugs of technologies and names of languages; those in any case.
func (a *App) expertise(f *faults, known map[string]*advice.Technology, given []string) []string {
	const field = "expertise"
	if a.isTooLong(f, field, len(given)) {
		return nil
	}
	languages := map[string]string{}
	for _, t := range known {
		for _, l := range t.Languages {
			languages[strings.ToLower(l)] = l
		}
	}
	var out []string
	for i, g := range given {
		language := languages[strings.ToLower(strings.TrimSpace(g))]
		if language == "" && known[g] == nil {
			f.add(at(field, i), enum.InputNotFound, "it is neither the slug of a technology nor the name of a language")
		}
		if language != "" {
			out = append(out, language)
		}
		if known[g] != nil {
			out = append(out, g)
		}
	}
	return out
}

// categories reads which categories to fill; all where nothing is given.
func (f *faults) categories(given []string) []string {
	all := advice.Categories()
	if given == nil {
		return all
	}
	for i, slug := range given {
		if !slices.Contains(all, slug) {
			f.add(at("categories", i), enum.InputNotFound, "there is no category with this slug")
		}
	}
	return slices.DeleteFunc(all, func(slug string) bool { return !slices.Contains(given, slug) })
}

// mostWeight is the most that a criterion counts, and evenWeight what each counts where nothing is given.
const (
	mostWeight = 10
	evenWeight = 5
)

// weights reads how much each criterion counts; one that is left out counts nothing where others are given.
func (f *faults) weights(given []*CriterionWeightInput) (out advice.Weights) {
	all := advice.Criteria()
	if given == nil {
		for i := range out {
			out[i] = evenWeight
		}
		return out
	}
	isThere := map[string]bool{}
	for i, g := range given {
		place := slices.Index(all, g.Criterion)
		switch {
		case place < 0:
			f.add(at("weights", i, "criterion"), enum.InputNotFound, "there is no criterion with this slug")
		case isThere[g.Criterion]:
			f.add(at("weights", i, "criterion"), enum.InputInvalid, "it has a weight already")
		case g.Weight < 0 || g.Weight > mostWeight:
			f.add(at("weights", i, "weight"), enum.InputOutOfRange, "it is from 0 to %d", mostWeight)
		default:
			out[place] = g.Weight
		}
		isThere[g.Criterion] = true
	}
	if out == (advice.Weights{}) {
		f.add(at("weights"), enum.InputInvalid, "no criterion counts anything")
	}
	return out
}
