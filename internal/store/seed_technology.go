package store

import (
	"context"
	"slices"

	"stackyard/ent"
	"stackyard/ent/alternative"
	"stackyard/ent/identifier"
	"stackyard/ent/review"
	"stackyard/ent/successor"
	"stackyard/ent/technology"
	"stackyard/ent/technologycategory"
	"stackyard/ent/technologyusecase"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
	"stackyard/internal/text"
)

func (s *seeder) seedTechnologies(ctx context.Context) error {
	touched := map[int64]catalog.Technology{}
	edited := map[int64][]string{}
	var err error
	s.technologies, err = seed(ctx, s, kind[catalog.Technology]{
		table:    tableTechnologies,
		records:  withoutCycles(s.files.Technologies),
		key:      func(r catalog.Technology) string { return r.Slug },
		asOf:     func(r catalog.Technology) calendar.Day { return r.AsOf },
		existing: "SELECT id, slug, file_digest, as_of, edited_fields FROM technologies",
		create: func(ctx context.Context, records []catalog.Technology, digests []string) ([]int64, error) {
			rows, err := s.tx.Technology.MapCreateBulk(records, func(c *ent.TechnologyCreate, i int) {
				m := c.Mutation()
				m.SetSlug(records[i].Slug)
				m.SetCreatedAt(s.now)
				s.setTechnology(m, records[i], digests[i], nil)
			}).Save(ctx)
			for i, row := range rows {
				touched[row.ID] = records[i]
			}
			return idsOf(rows, func(r *ent.Technology) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r catalog.Technology, digest string, kept []string) error {
			u := s.tx.Technology.UpdateOneID(id).AddRevision(1)
			s.setTechnology(u.Mutation(), r, digest, kept)
			touched[id], edited[id] = r, kept
			return u.Exec(ctx)
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			inUse, err := s.tx.Review.Query().Where(review.TechnologyID(id)).Exist(ctx)
			if err != nil || inUse {
				return false, err
			}
			return true, deleteTechnology(ctx, s.tx, s.dialect, id)
		},
	})
	if err != nil {
		return err
	}
	return s.relate(ctx, touched, edited)
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
	m.SetUpdatedAt(s.now)
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

// relate writes anew what hangs on the technologies that were touched.
func (s *seeder) relate(ctx context.Context, touched map[int64]catalog.Technology, edited map[int64][]string) error {
	var identifiers []*ent.IdentifierCreate
	var categories []*ent.TechnologyCategoryCreate
	var useCases []*ent.TechnologyUseCaseCreate
	var alternatives []*ent.AlternativeCreate
	var successors []*ent.SuccessorCreate
	var ids, inCategories, inUseCases []int64
	for _, r := range s.files.Technologies {
		id := s.technologies[r.Slug]
		if _, isTouched := touched[id]; !isTouched {
			continue
		}
		ids = append(ids, id)
		identifiers = append(identifiers, s.identifiers(id, r.Identifiers)...)
		if !slices.Contains(edited[id], "categories") {
			inCategories = append(inCategories, id)
			for i, slug := range r.Categories {
				categories = append(categories, s.tx.TechnologyCategory.Create().SetTechnologyID(id).
					SetCategoryID(s.categories[slug]).SetPosition(i).SetNameKey([]byte{}).SetUpdatedAt(s.now))
			}
		}
		if !slices.Contains(edited[id], "use_cases") {
			inUseCases = append(inUseCases, id)
			for i, slug := range r.UseCases {
				useCases = append(useCases, s.tx.TechnologyUseCase.Create().SetTechnologyID(id).
					SetUseCaseID(s.useCases[slug]).SetPosition(i).SetNameKey([]byte{}).SetUpdatedAt(s.now))
			}
		}
		for i, slug := range r.Alternatives {
			if other, ok := s.technologies[slug]; ok {
				alternatives = append(alternatives, s.tx.Alternative.Create().SetTechnologyID(id).SetAlternativeID(other).SetPosition(i))
			}
		}
		for i, slug := range r.Successors {
			if other, ok := s.technologies[slug]; ok {
				successors = append(successors, s.tx.Successor.Create().SetTechnologyID(id).SetSuccessorID(other).SetPosition(i))
			}
		}
	}
	for _, clear := range []func() error{
		func() error {
			_, err := s.tx.Identifier.Delete().Where(identifier.TechnologyIDIn(ids...)).Exec(ctx)
			return err
		},
		func() error {
			_, err := s.tx.TechnologyCategory.Delete().Where(technologycategory.TechnologyIDIn(inCategories...)).Exec(ctx)
			return err
		},
		func() error {
			_, err := s.tx.TechnologyUseCase.Delete().Where(technologyusecase.TechnologyIDIn(inUseCases...)).Exec(ctx)
			return err
		},
		func() error {
			_, err := s.tx.Alternative.Delete().Where(alternative.TechnologyIDIn(ids...)).Exec(ctx)
			return err
		},
		func() error {
			_, err := s.tx.Successor.Delete().Where(successor.TechnologyIDIn(ids...)).Exec(ctx)
			return err
		},
		func() error {
			return inBulk(identifiers, func(c []*ent.IdentifierCreate) error { return s.tx.Identifier.CreateBulk(c...).Exec(ctx) })
		},
		func() error {
			return inBulk(categories, func(c []*ent.TechnologyCategoryCreate) error {
				return s.tx.TechnologyCategory.CreateBulk(c...).Exec(ctx)
			})
		},
		func() error {
			return inBulk(useCases, func(c []*ent.TechnologyUseCaseCreate) error { return s.tx.TechnologyUseCase.CreateBulk(c...).Exec(ctx) })
		},
		func() error {
			return inBulk(alternatives, func(c []*ent.AlternativeCreate) error { return s.tx.Alternative.CreateBulk(c...).Exec(ctx) })
		},
		func() error {
			return inBulk(successors, func(c []*ent.SuccessorCreate) error { return s.tx.Successor.CreateBulk(c...).Exec(ctx) })
		},
	} {
		if err := clear(); err != nil {
			return err
		}
	}
	return reindex(ctx, s.tx, s.dialect, ids)
}

func (s *seeder) identifiers(id int64, all catalog.Identifiers) []*ent.IdentifierCreate {
	var out []*ent.IdentifierCreate
	add := func(scheme enum.IdentifierScheme, values []string) {
		for _, v := range values {
			out = append(out, s.tx.Identifier.Create().SetTechnologyID(id).SetScheme(scheme).SetValue(v).SetPosition(len(out)))
		}
	}
	add(enum.SchemePURL, all.PURL)
	add(enum.SchemeCPE, all.CPE)
	add(enum.SchemeRepology, all.Repology)
	add(enum.SchemeEndoflife, all.EndOfLife)
	return out
}

// inBulk inserts some rows at a time.
func inBulk[C any](creates []C, insert func([]C) error) error {
	for part := range slices.Chunk(creates, bulk) {
		if err := insert(part); err != nil {
			return err
		}
	}
	return nil
}
