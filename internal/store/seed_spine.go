package store

import (
	"context"

	"stackyard/ent"
	"stackyard/ent/advisory"
	"stackyard/ent/integration"
	"stackyard/ent/project"
	"stackyard/ent/releasecycle"
	"stackyard/ent/technology"
	"stackyard/ent/technologycategory"
	"stackyard/ent/technologyusecase"
	"stackyard/internal/catalog"
)

// The kinds below come from the files alone: nobody edits them through the API.

// positioned is a record with its place in the file, which is its natural order.
type positioned[R any] struct {
	Position int
	Record   R
}

func inOrder[R any](records []R) []positioned[R] {
	out := make([]positioned[R], len(records))
	for i, r := range records {
		out[i] = positioned[R]{i, r}
	}
	return out
}

// fromFiles selects what seed has to know of a table that only the files write.
func fromFiles(table string) string {
	return "SELECT id, slug, file_digest, 0, '[]' FROM " + table
}

func (s *seeder) seedSources(ctx context.Context) error {
	var err error
	s.sources, err = seed(ctx, s, kind[positioned[catalog.Source]]{
		entity:     ent.TypeSource,
		table:      "sources",
		records:    inOrder(s.files.Sources),
		key:        func(r positioned[catalog.Source]) string { return r.Record.Slug },
		existing:   fromFiles("sources"),
		isReferred: true,
		create: func(ctx context.Context, records []positioned[catalog.Source], digests []string) ([]int64, error) {
			rows, err := s.tx.Source.MapCreateBulk(records, func(c *ent.SourceCreate, i int) {
				setSource(c.Mutation(), records[i], digests[i])
			}).Save(ctx)
			return idsOf(rows, func(r *ent.Source) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r positioned[catalog.Source], digest string, _ []string) error {
			u := s.tx.Source.UpdateOneID(id)
			setSource(u.Mutation(), r, digest)
			return u.Exec(ctx)
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			inUse, err := s.isSource(ctx, id)
			if err != nil || inUse {
				return false, err
			}
			return true, s.tx.Source.DeleteOneID(id).Exec(ctx)
		},
	})
	return err
}

func setSource(m *ent.SourceMutation, r positioned[catalog.Source], digest string) {
	m.SetSlug(r.Record.Slug)
	m.SetName(r.Record.Name)
	m.SetHomepage(r.Record.Homepage)
	m.SetLicense(r.Record.License)
	m.SetPosition(r.Position)
	m.SetFileDigest(digest)
}

func (s *seeder) seedCategories(ctx context.Context) error {
	var err error
	s.categories, err = seed(ctx, s, kind[positioned[catalog.Category]]{
		entity:     ent.TypeCategory,
		table:      "categories",
		records:    inOrder(s.files.Categories),
		key:        func(r positioned[catalog.Category]) string { return r.Record.Slug },
		existing:   fromFiles("categories"),
		isReferred: true,
		create: func(ctx context.Context, records []positioned[catalog.Category], digests []string) ([]int64, error) {
			rows, err := s.tx.Category.MapCreateBulk(records, func(c *ent.CategoryCreate, i int) {
				setCategory(c.Mutation(), records[i], digests[i])
			}).Save(ctx)
			return idsOf(rows, func(r *ent.Category) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r positioned[catalog.Category], digest string, _ []string) error {
			u := s.tx.Category.UpdateOneID(id)
			setCategory(u.Mutation(), r, digest)
			return u.Exec(ctx)
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			inUse, err := s.tx.TechnologyCategory.Query().Where(technologycategory.CategoryID(id)).Exist(ctx)
			if err != nil || inUse {
				return false, err
			}
			return true, s.tx.Category.DeleteOneID(id).Exec(ctx)
		},
	})
	return err
}

func setCategory(m *ent.CategoryMutation, r positioned[catalog.Category], digest string) {
	m.SetSlug(r.Record.Slug)
	m.SetName(r.Record.Name)
	m.SetSummary(r.Record.Summary)
	m.SetRationale(r.Record.Rationale)
	m.SetResponsibilities(r.Record.Responsibilities)
	m.SetPosition(r.Position)
	m.SetFileDigest(digest)
}

func (s *seeder) seedUseCases(ctx context.Context) error {
	var err error
	s.useCases, err = seed(ctx, s, kind[positioned[catalog.UseCase]]{
		entity:     ent.TypeUseCase,
		table:      "use_cases",
		records:    inOrder(s.files.UseCases),
		key:        func(r positioned[catalog.UseCase]) string { return r.Record.Slug },
		existing:   fromFiles("use_cases"),
		isReferred: true,
		create: func(ctx context.Context, records []positioned[catalog.UseCase], digests []string) ([]int64, error) {
			rows, err := s.tx.UseCase.MapCreateBulk(records, func(c *ent.UseCaseCreate, i int) {
				setUseCase(c.Mutation(), records[i], digests[i])
			}).Save(ctx)
			return idsOf(rows, func(r *ent.UseCase) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r positioned[catalog.UseCase], digest string, _ []string) error {
			u := s.tx.UseCase.UpdateOneID(id)
			setUseCase(u.Mutation(), r, digest)
			return u.Exec(ctx)
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			inUse, err := s.isUseCase(ctx, id)
			if err != nil || inUse {
				return false, err
			}
			return true, s.tx.UseCase.DeleteOneID(id).Exec(ctx)
		},
	})
	return err
}

func setUseCase(m *ent.UseCaseMutation, r positioned[catalog.UseCase], digest string) {
	m.SetSlug(r.Record.Slug)
	m.SetName(r.Record.Name)
	m.SetSummary(r.Record.Summary)
	m.SetTraits(r.Record.Traits)
	m.SetPosition(r.Position)
	m.SetFileDigest(digest)
}

func (s *seeder) seedCriteria(ctx context.Context) error {
	_, err := seed(ctx, s, kind[positioned[catalog.Criterion]]{
		entity:   ent.TypeCriterion,
		table:    "criteria",
		records:  inOrder(s.files.Criteria),
		key:      func(r positioned[catalog.Criterion]) string { return r.Record.Slug },
		existing: fromFiles("criteria"),
		create: func(ctx context.Context, records []positioned[catalog.Criterion], digests []string) ([]int64, error) {
			rows, err := s.tx.Criterion.MapCreateBulk(records, func(c *ent.CriterionCreate, i int) {
				setCriterion(c.Mutation(), records[i], digests[i])
			}).Save(ctx)
			return idsOf(rows, func(r *ent.Criterion) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r positioned[catalog.Criterion], digest string, _ []string) error {
			u := s.tx.Criterion.UpdateOneID(id)
			setCriterion(u.Mutation(), r, digest)
			return u.Exec(ctx)
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			return true, s.tx.Criterion.DeleteOneID(id).Exec(ctx)
		},
	})
	return err
}

func setCriterion(m *ent.CriterionMutation, r positioned[catalog.Criterion], digest string) {
	m.SetSlug(r.Record.Slug)
	m.SetName(r.Record.Name)
	m.SetQuestion(r.Record.Question)
	m.SetGuidance(r.Record.Guidance)
	m.SetPosition(r.Position)
	m.SetFileDigest(digest)
}

func (s *seeder) seedMistakes(ctx context.Context) error {
	_, err := seed(ctx, s, kind[positioned[catalog.Mistake]]{
		entity:   ent.TypeMistake,
		table:    "mistakes",
		records:  inOrder(s.files.Mistakes),
		key:      func(r positioned[catalog.Mistake]) string { return r.Record.Slug },
		existing: fromFiles("mistakes"),
		create: func(ctx context.Context, records []positioned[catalog.Mistake], digests []string) ([]int64, error) {
			rows, err := s.tx.Mistake.MapCreateBulk(records, func(c *ent.MistakeCreate, i int) {
				setMistake(c.Mutation(), records[i], digests[i])
			}).Save(ctx)
			return idsOf(rows, func(r *ent.Mistake) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r positioned[catalog.Mistake], digest string, _ []string) error {
			u := s.tx.Mistake.UpdateOneID(id)
			setMistake(u.Mutation(), r, digest)
			return u.Exec(ctx)
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			return true, s.tx.Mistake.DeleteOneID(id).Exec(ctx)
		},
	})
	return err
}

func setMistake(m *ent.MistakeMutation, r positioned[catalog.Mistake], digest string) {
	m.SetSlug(r.Record.Slug)
	m.SetName(r.Record.Name)
	m.SetExplanation(r.Record.Explanation)
	m.SetRule(r.Record.Rule)
	m.SetPosition(r.Position)
	m.SetFileDigest(digest)
}

func (s *seeder) seedTools(ctx context.Context) error {
	var err error
	s.tools, err = seed(ctx, s, kind[catalog.Tool]{
		entity:     ent.TypeTool,
		table:      "tools",
		records:    s.files.Tools,
		key:        func(r catalog.Tool) string { return r.Slug },
		existing:   fromFiles("tools"),
		isReferred: true,
		create: func(ctx context.Context, records []catalog.Tool, digests []string) ([]int64, error) {
			rows, err := s.tx.Tool.MapCreateBulk(records, func(c *ent.ToolCreate, i int) {
				setTool(c.Mutation(), records[i], digests[i])
			}).Save(ctx)
			return idsOf(rows, func(r *ent.Tool) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r catalog.Tool, digest string, _ []string) error {
			s.renamed = true
			u := s.tx.Tool.UpdateOneID(id)
			setTool(u.Mutation(), r, digest)
			return u.Exec(ctx)
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			inUse, err := s.tx.Integration.Query().Where(integration.ToToolID(id)).Exist(ctx)
			if err != nil || inUse {
				return false, err
			}
			return true, s.tx.Tool.DeleteOneID(id).Exec(ctx)
		},
	})
	return err
}

func setTool(m *ent.ToolMutation, r catalog.Tool, digest string) {
	m.SetSlug(r.Slug)
	m.SetName(r.Name)
	m.SetArea(r.Area)
	m.SetFileDigest(digest)
	setOrClear(r.Homepage, m.SetHomepage, m.ClearHomepage)
}

// isSource says whether a fact names the source.
func (s *seeder) isSource(ctx context.Context, id int64) (bool, error) {
	return anyExist(ctx, s.tx.Technology.Query().Where(technology.SourceID(id)), s.tx.ReleaseCycle.Query().Where(releasecycle.SourceID(id)),
		s.tx.Advisory.Query().Where(advisory.SourceID(id)))
}

// isUseCase says whether a technology suits the use case, or a project is of it.
func (s *seeder) isUseCase(ctx context.Context, id int64) (bool, error) {
	return anyExist(ctx, s.tx.TechnologyUseCase.Query().Where(technologyusecase.UseCaseID(id)), s.tx.Project.Query().Where(project.UseCaseID(id)))
}

// query is a question whether there is anything.
type query interface {
	Exist(ctx context.Context) (bool, error)
}

// anyExist says whether any of the queries finds something.
func anyExist(ctx context.Context, queries ...query) (bool, error) {
	for _, q := range queries {
		if is, err := q.Exist(ctx); err != nil || is {
			return is, err
		}
	}
	return false, nil
}

// setOrClear writes a text that is missing where it is empty.
func setOrClear(value string, set func(string), clear func()) {
	if value == "" {
		clear()
		return
	}
	set(value)
}

func idsOf[E any](rows []E, id func(E) int64) []int64 {
	out := make([]int64, len(rows))
	for i, r := range rows {
		out[i] = id(r)
	}
	return out
}
