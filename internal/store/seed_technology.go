package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/releasecycle"
	"stackyard/ent/review"
	"stackyard/ent/stackcomponent"
	"stackyard/ent/technology"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
	"stackyard/internal/text"
)

func (s *seeder) seedTechnologies(ctx context.Context) error {
	var touched, unchanged []written
	var updated []int64
	taken, err := s.slugsGiven(ctx)
	if err != nil {
		return err
	}
	s.fresh = map[string]bool{}
	s.technologies, err = seed(ctx, s, kind[catalog.Technology]{
		entity:   ent.TypeTechnology,
		table:    tableTechnologies,
		records:  withoutCycles(s.files.Technologies),
		key:      func(r catalog.Technology) string { return r.Slug },
		asOf:     func(r catalog.Technology) calendar.Day { return r.AsOf },
		undated:  func(r catalog.Technology) catalog.Technology { r.AsOf = 0; return r },
		existing: "SELECT t.id, " + fileKeyOf("t") + ", t.file_digest, t.as_of, t.edited_fields FROM technologies t",
		taken:    taken,
		create: func(ctx context.Context, records []catalog.Technology, digests []string) ([]int64, error) {
			rows, err := s.tx.Technology.MapCreateBulk(records, func(c *ent.TechnologyCreate, i int) {
				m := c.Mutation()
				m.SetSlug(records[i].Slug)
				m.SetCreatedAt(s.now)
				m.SetUpdatedAt(s.now)
				s.setTechnology(m, records[i], digests[i], nil)
			}).Save(ctx)
			for i, row := range rows {
				s.fresh[records[i].Slug] = true
				touched = append(touched, written{id: row.ID, Technology: records[i]})
			}
			return idsOf(rows, func(r *ent.Technology) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r catalog.Technology, digest string, kept []string) error {
			u := s.tx.Technology.UpdateOneID(id)
			s.setTechnology(u.Mutation(), r, digest, kept)
			updated = append(updated, id)
			touched = append(touched, written{id: id, Technology: r, edited: kept})
			return u.Exec(ctx)
		},
		again: func(id int64, r catalog.Technology) { unchanged = append(unchanged, written{id: id, Technology: r}) },
		remove: func(ctx context.Context, id int64) (bool, error) {
			inUse, err := s.isTechnologyInUse(ctx, id)
			if err != nil || inUse {
				return false, err
			}
			return true, deleteTechnology(ctx, s.tx, id)
		},
	})
	if err != nil {
		return err
	}
	if err := s.relate(ctx, touched, updated); err != nil {
		return err
	}
	if len(s.fresh) == 0 || len(unchanged) == 0 {
		return nil
	}
	if err := s.relateAlternatives(ctx, s.naming(unchanged, func(w written) []string { return w.Alternatives })); err != nil {
		return err
	}
	return s.relateSuccessors(ctx, s.naming(unchanged, func(w written) []string { return w.Successors }))
}

// slugsGiven are the slugs that people gave to technologies of the files: a record
// of such a slug is of another technology.
func (s *seeder) slugsGiven(ctx context.Context) (map[string]bool, error) {
	slugs, err := s.tx.Technology.Query().Where(technology.FileKeyNEQ("")).Select(technology.FieldSlug).Strings(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the technologies that people renamed: %w", err)
	}
	out := make(map[string]bool, len(slugs))
	for _, slug := range slugs {
		out[slug] = true
	}
	return out, nil
}

// naming gives the technologies whose lists name one that has just come.
func (s *seeder) naming(all []written, list func(written) []string) []written {
	return slices.DeleteFunc(slices.Clone(all), func(w written) bool {
		return !slices.ContainsFunc(list(w), func(slug string) bool { return s.fresh[slug] })
	})
}

// isTechnologyInUse says whether there is something of people's on a technology:
// reviews, stacks that it is part of, or release cycles that they added or corrected.
func (s *seeder) isTechnologyInUse(ctx context.Context, id int64) (bool, error) {
	is, err := anyExist(ctx, s.tx.Review.Query().Where(review.TechnologyID(id)), s.tx.StackComponent.Query().Where(stackcomponent.TechnologyID(id)))
	if err != nil || is {
		return is, err
	}
	cycles, err := s.tx.ReleaseCycle.Query().Where(releasecycle.TechnologyID(id)).
		Select(releasecycle.FieldFileDigest, releasecycle.FieldEditedFields).All(ctx)
	return slices.ContainsFunc(cycles, func(c *ent.ReleaseCycle) bool {
		return c.FileDigest == "" || len(c.EditedFields) > 0
	}), err
}

// ofFiles is the condition that the technology in a column is one of the files':
// what belongs to one that they dropped, and that is kept, is kept with it.
func (s *seeder) ofFiles(column string) func(*sql.Selector) {
	return among(column, slices.Collect(maps.Values(s.technologies)))
}

// withoutCycles drops the release cycles, which are records of their own.
func withoutCycles(all []catalog.Technology) []catalog.Technology {
	out := slices.Clone(all)
	for i := range out {
		out[i].ReleaseCycles = nil
	}
	return out
}

// setTechnology writes what the files say, but for the columns that a person has edited.
func (s *seeder) setTechnology(m *ent.TechnologyMutation, r catalog.Technology, digest string, edited []string) {
	unless := func(column string, set func()) {
		if !slices.Contains(edited, column) {
			set()
		}
	}
	some := func(column, value string, set func(string), clear func()) {
		unless(column, func() { setOrClear(value, set, clear) })
	}
	unless(technology.FieldName, func() {
		m.SetName(r.Name)
		m.SetNameKey(text.Key(r.Name))
	})
	unless(technology.FieldSummary, func() { m.SetSummary(r.Summary) })
	unless(technology.FieldAliases, func() { m.SetAliases(orEmpty(r.Aliases)) })
	unless(technology.FieldHosting, func() { m.SetHosting(orEmpty(r.Hosting)) })
	unless(technology.FieldLicenseExpression, func() {
		setOrClear(r.License, m.SetLicenseExpression, m.ClearLicenseExpression)
		m.SetLicenseIsOpenSource(s.isOpenSource(r.License))
	})
	unless(technology.FieldFirstReleaseYear, func() {
		if r.FirstReleaseYear == 0 {
			m.ClearFirstReleaseYear()
			return
		}
		m.SetFirstReleaseYear(r.FirstReleaseYear)
	})
	some(technology.FieldDescription, r.Description, m.SetDescription, m.ClearDescription)
	some(technology.FieldHomepage, r.Homepage, m.SetHomepage, m.ClearHomepage)
	some(technology.FieldDocumentation, r.Documentation, m.SetDocumentation, m.ClearDocumentation)
	some(technology.FieldRepository, r.Repository, m.SetRepository, m.ClearRepository)
	some(technology.FieldSteward, r.Steward, m.SetSteward, m.ClearSteward)
	some(technology.FieldReleasePolicy, r.ReleasePolicy, m.SetReleasePolicy, m.ClearReleasePolicy)
	some(technology.FieldVersionCommand, r.VersionCommand, m.SetVersionCommand, m.ClearVersionCommand)
	m.SetCapabilities(orEmpty(r.Capabilities))
	m.SetWrittenIn(orEmpty(r.WrittenIn))
	m.SetLanguages(orEmpty(r.Languages))
	m.SetSourceID(s.sources[r.Source])
	m.SetAsOf(r.AsOf)
	m.SetFileDigest(digest)
}

func (s *seeder) isOpenSource(expression string) bool {
	if expression == "" {
		return false
	}
	is, err := catalog.IsOpenSource(expression, s.files.Licenses)
	return err == nil && is // the catalogue's own test refuses expressions that do not parse
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
