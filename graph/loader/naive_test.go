package loader_test

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"stackyard/ent"
	"stackyard/ent/technologytag"
	"stackyard/graph/loader"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
	"stackyard/internal/store"
	"stackyard/internal/text"
	"stackyard/internal/version"
)

// The naive way: everything is read, and then filtered and sorted here.

// rows are all rows of a world.
type rows struct {
	technologies []*ent.Technology
	inCategory   []*ent.TechnologyCategory
	forUseCase   []*ent.TechnologyUseCase
	names        []*ent.TechnologyName
	tags         []*ent.TechnologyTag
	categories   []*ent.Category
	useCases     []*ent.UseCase
	cycles       []*ent.ReleaseCycle
	advisories   []*ent.Advisory
	concerns     []*ent.TechnologyAdvisory
	ranges       []*ent.AffectedRange
	integrations []*ent.Integration
	sides        []*ent.IntegrationSide
	reviews      []*ent.Review
	alternatives []*ent.Alternative
}

func readAll(ctx context.Context, c *ent.Client) *rows {
	return &rows{
		c.Technology.Query().AllX(ctx), c.TechnologyCategory.Query().AllX(ctx), c.TechnologyUseCase.Query().AllX(ctx),
		c.TechnologyName.Query().AllX(ctx), c.TechnologyTag.Query().Order(technologytag.ByID()).AllX(ctx),
		c.Category.Query().AllX(ctx), c.UseCase.Query().AllX(ctx), c.ReleaseCycle.Query().AllX(ctx),
		c.Advisory.Query().AllX(ctx), c.TechnologyAdvisory.Query().AllX(ctx), c.AffectedRange.Query().AllX(ctx),
		c.Integration.Query().AllX(ctx), c.IntegrationSide.Query().AllX(ctx), c.Review.Query().AllX(ctx), c.Alternative.Query().AllX(ctx),
	}
}

// item is a row of a list, with the values that it is ordered by.
type item struct {
	id    int64
	terms []term
}

// term is a value to order by; nil is unknown.
type term struct {
	value  any
	isDesc bool
}

func known[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// compare is negative where a comes first; what is unknown comes last.
func (a item) compare(b item) int {
	for i := range a.terms {
		if c := a.terms[i].compare(b.terms[i]); c != 0 {
			return c
		}
	}
	return 0
}

func idsOf(items []item) []int64 {
	ids := make([]int64, len(items))
	for i, it := range items {
		ids[i] = it.id
	}
	return ids
}

func (t term) compare(o term) int {
	switch {
	case t.value == nil && o.value == nil:
		return 0
	case t.value == nil:
		return 1
	case o.value == nil:
		return -1
	}
	c := 0
	switch v := t.value.(type) {
	case int:
		c = cmp.Compare(v, o.value.(int))
	case int64:
		c = cmp.Compare(v, o.value.(int64))
	case float64:
		c = cmp.Compare(v, o.value.(float64))
	case calendar.Day:
		c = cmp.Compare(v, o.value.(calendar.Day))
	case calendar.Instant:
		c = cmp.Compare(v, o.value.(calendar.Instant))
	case []byte:
		c = bytes.Compare(v, o.value.([]byte))
	default:
		panic(v)
	}
	if t.isDesc {
		return -c
	}
	return c
}

// technologyItem gives the item of a technology; not ok where the filter does not let it through.
func (r *rows) technologyItem(t *ent.Technology, args loader.TechnologyArgs) (item, bool) {
	f := cmp.Or(args.Filter, &loader.TechnologyFilter{})
	if !r.passes(t, f) {
		return item{}, false
	}
	rank, isSearched := 0, f.Search != nil && len(text.Query(*f.Search)) > 0
	if isSearched {
		rank = r.rank(t, *f.Search)
	}
	by := cmp.Or(args.OrderBy, &loader.TechnologyOrder{Field: enum.TechnologyByRelevance, Direction: enum.Asc})
	isDesc := by.Direction == enum.Desc
	key := term{[]byte(text.Fold(t.Name)), isDesc}
	switch by.Field {
	case enum.TechnologyByName:
	case enum.TechnologyByRating:
		key.value = known(t.RatingAverage)
	case enum.TechnologyByFirstReleaseYear:
		key.value = known(t.FirstReleaseYear)
	case enum.TechnologyByUpdatedAt:
		key.value = t.UpdatedAt
	case enum.TechnologyByRelevance: // best first in either direction
		key.isDesc, isDesc = false, false
		return item{t.ID, []term{{value: rank}, key, {value: t.ID}}}, rank >= 0
	}
	return item{t.ID, []term{key, {t.ID, isDesc}}}, rank >= 0
}

// rank says how well a technology matches a search; -1 is not at all.
func (r *rows) rank(t *ent.Technology, search string) int {
	names := []string{text.Fold(t.Name), text.Fold(t.Slug)}
	holds := func(words []string) bool {
		query := text.Query(search)
		for i, q := range query {
			if !slices.ContainsFunc(words, func(w string) bool { return w == q || i == len(query)-1 && strings.HasPrefix(w, q) }) {
				return false
			}
		}
		return true
	}
	switch key := text.Fold(search); {
	case slices.Contains(names, key):
		return 0
	case slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, key) }):
		return 1
	case holds(text.Words(t.Name + " " + t.Slug)):
		return 2
	case holds(append(text.Words(t.Name+" "+t.Slug), text.Words(t.Summary)...)):
		return 3
	}
	return -1
}

func (r *rows) passes(t *ent.Technology, f *loader.TechnologyFilter) bool {
	var categories, useCases []string
	for _, k := range r.inCategory {
		if k.TechnologyID == t.ID {
			categories = append(categories, r.categories[slices.IndexFunc(r.categories, func(c *ent.Category) bool { return c.ID == k.CategoryID })].Slug)
		}
	}
	for _, k := range r.forUseCase {
		if k.TechnologyID == t.ID {
			useCases = append(useCases, r.useCases[slices.IndexFunc(r.useCases, func(u *ent.UseCase) bool { return u.ID == k.UseCaseID })].Slug)
		}
	}
	tags := map[string][]string{}
	for _, g := range r.tags {
		if g.TechnologyID == t.ID {
			tags[g.Kind] = append(tags[g.Kind], g.Value)
		}
	}
	var statuses []enum.LifecycleStatus
	for _, c := range r.cycles {
		if c.TechnologyID == t.ID {
			statuses = append(statuses, status(c))
		}
	}
	return among(f.Slugs, t.Slug) && among(f.Categories, categories...) && among(f.UseCases, useCases...) &&
		among(f.Licenses, tags[store.TagLicense]...) && among(f.Hosting, as[enum.Hosting](tags[store.TagHosting])...) &&
		among(f.Capabilities, tags[store.TagCapability]...) && among(f.Statuses, lifecycle.Best(statuses)) &&
		(len(tags[store.TagLanguage]) == 0 || among(f.Languages, tags[store.TagLanguage]...)) &&
		(f.MinRating == nil || t.RatingAverage != nil && *t.RatingAverage >= *f.MinRating) &&
		(f.ChangedSince == nil || t.UpdatedAt >= *f.ChangedSince)
}

// among says whether one of the values is wanted; nil wants all.
func among[T comparable](wanted []T, values ...T) bool {
	return wanted == nil || slices.ContainsFunc(values, func(v T) bool { return slices.Contains(wanted, v) })
}

func as[T ~string](values []string) []T {
	out := make([]T, len(values))
	for i, v := range values {
		out[i] = T(v)
	}
	return out
}

func cycleOf(c *ent.ReleaseCycle) lifecycle.Cycle {
	return lifecycle.Cycle{
		ReleasedOn: c.ReleasedOn, IsLongTerm: c.IsLongTerm, LongTermFrom: c.LongTermFrom,
		ActiveSupportUntil: c.ActiveSupportUntil, ActiveSupportOver: c.ActiveSupportOver,
		EndOfLifeOn: c.EndOfLifeOn, EndOfLifePassed: c.EndOfLifePassed,
		ExtendedSupportUntil: c.ExtendedSupportUntil, ExtendedSupportOver: c.ExtendedSupportOver,
	}
}

func status(c *ent.ReleaseCycle) enum.LifecycleStatus { return cycleOf(c).Status(today) }

func (r *rows) cycleItem(c *ent.ReleaseCycle, args loader.ReleaseCycleArgs) (item, bool) {
	f := cmp.Or(args.Filter, &loader.ReleaseCycleFilter{})
	within := func(d, from, until *calendar.Day) bool {
		return from == nil && until == nil || d != nil && (from == nil || *d >= *from) && (until == nil || *d <= *until)
	}
	technology := r.technologies[slices.IndexFunc(r.technologies, func(t *ent.Technology) bool { return t.ID == c.TechnologyID })]
	passes := among(f.Statuses, status(c)) && among(f.Technologies, technology.Slug) &&
		(f.IsLongTerm == nil || *f.IsLongTerm == cycleOf(c).IsLongTermOn(today)) &&
		within(c.EndOfLifeOn, f.EndOfLifeFrom, f.EndOfLifeUntil) && within(c.ReleasedOn, f.ReleasedFrom, f.ReleasedUntil)
	by := cmp.Or(args.OrderBy, &loader.ReleaseCycleOrder{Field: enum.CyclesByEndOfLifeOn, Direction: enum.Asc})
	key := term{known(c.EndOfLifeOn), by.Direction == enum.Desc}
	if by.Field == enum.CyclesByReleasedOn {
		key.value = known(c.ReleasedOn)
	}
	return item{c.ID, []term{key, {c.ID, key.isDesc}}}, passes
}

func (r *rows) advisoryItem(a *ent.Advisory, args loader.AdvisoryArgs) (item, bool) {
	f := cmp.Or(args.Filter, &loader.AdvisoryFilter{})
	passes := among(f.Severities, a.Severity) && (f.PublishedFrom == nil || a.PublishedAt >= *f.PublishedFrom) &&
		(f.Identifier == nil || strings.EqualFold(*f.Identifier, a.Identifier))
	return item{a.ID, []term{{a.PublishedAt, true}, {a.ID, true}}}, passes
}

// affects says whether an advisory concerns a version of a technology.
func (r *rows) affects(advisory, technology int64, v *string) bool {
	return v == nil || slices.ContainsFunc(r.ranges, func(a *ent.AffectedRange) bool {
		text := func(s *string) string {
			if s == nil {
				return ""
			}
			return *s
		}
		return a.AdvisoryID == advisory && a.TechnologyID == technology && version.Range{
			Ecosystem: text(a.Ecosystem), Package: text(a.Package),
			Introduced: text(a.Introduced), Fixed: text(a.Fixed), LastAffected: text(a.LastAffected), Versions: a.Versions, IsDecidable: a.IsDecidable,
		}.Holds(*v) == version.Yes
	})
}
