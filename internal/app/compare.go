package app

import (
	"context"
	"fmt"
	"slices"

	"stackyard/internal/advice"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/store"
	"stackyard/internal/text"
)

// Comparison is technologies side by side.
type Comparison struct {
	Of   []*advice.Technology // in the order asked for
	Rows []*ComparisonRow
}

// ComparisonRow is one point of a comparison; values stand in the order of the technologies.
type ComparisonRow struct {
	Label  string
	Values []*string
	BestOf []*advice.Technology
}

// leastCompared is how many technologies a comparison takes.
const leastCompared = 2

// Compare puts technologies side by side on a day.
func (a *App) Compare(ctx context.Context, today calendar.Day, slugs []string) (*Comparison, error) {
	if len(slugs) > a.limits.ComparedTechnologies {
		return nil, fault.BadInput("slugs lists %d technologies, more than %d (--max-compared-technologies)", len(slugs), a.limits.ComparedTechnologies)
	}
	if len(slugs) < leastCompared {
		return nil, fault.BadInput("slugs lists fewer than %d technologies", leastCompared)
	}
	facts, err := a.db.Facts(ctx)
	if err != nil {
		return nil, err
	}
	var f faults
	of, known := make([]*advice.Technology, len(slugs)), facts.BySlug()
	for i, slug := range slugs {
		switch of[i] = known[slug]; {
		case of[i] == nil:
			f.add(at("slugs", i), enum.InputNotFound, "there is no technology with this slug%s", meant(facts, slug))
		case slices.Contains(slugs[:i], slug):
			f.add(at("slugs", i), enum.InputInvalid, "it is listed already")
		}
	}
	if err := f.badInput(); err != nil {
		return nil, err
	}
	out := &Comparison{Of: of}
	for _, r := range advice.Compare(of, today) {
		row := &ComparisonRow{Label: r.Label, Values: r.Values, BestOf: []*advice.Technology{}}
		for _, i := range r.Best {
			row.BestOf = append(row.BestOf, of[i])
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// meant asks whether a technology was meant that has the text for a name; empty where none has, or several.
func meant(facts *store.Facts, given string) string {
	slug := ""
	for _, t := range facts.Technologies {
		if !slices.ContainsFunc(append([]string{t.Slug, t.Name}, t.Aliases...), func(n string) bool { return text.Fold(n) == text.Fold(given) }) {
			continue
		}
		if slug != "" {
			return ""
		}
		slug = t.Slug
	}
	if slug == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %q?", slug)
}
