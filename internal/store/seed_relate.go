package store

import (
	"context"
	"slices"

	"stackyard/ent"
	"stackyard/ent/alternative"
	"stackyard/ent/identifier"
	"stackyard/ent/successor"
	"stackyard/ent/technology"
	"stackyard/ent/technologycategory"
	"stackyard/ent/technologyusecase"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
)

// written is a technology that the files have just written.
type written struct {
	catalog.Technology
	id     int64
	edited []string // columns and lists that a person has set
}

func idOf(w written) int64 { return w.id }

// relate writes anew what hangs on technologies that were written. Of those that
// were there before, only what is another now counts as changed.
func (s *seeder) relate(ctx context.Context, all []written, updated []int64) error {
	if len(all) == 0 {
		return nil
	}
	for _, write := range []func(context.Context, []written) error{
		s.relateIdentifiers, s.relateCategories, s.relateUseCases, s.relateAlternatives, s.relateSuccessors,
	} {
		if err := write(ctx, all); err != nil {
			return err
		}
	}
	changed, err := recorderOf(ctx).changed(ctx, ent.TypeTechnology, updated)
	if err != nil {
		return err
	}
	if err := s.tx.Technology.Update().Where(among(technology.FieldID, changed)).AddRevision(1).SetUpdatedAt(s.now).Exec(ctx); err != nil {
		return err
	}
	return reindex(ctx, s.tx, s.dialect, idsOf(all, idOf))
}

// unedited are the technologies of which no person has set the list.
func unedited(all []written, list string) []written {
	return slices.DeleteFunc(slices.Clone(all), func(w written) bool { return slices.Contains(w.edited, list) })
}

func (s *seeder) relateIdentifiers(ctx context.Context, all []written) error {
	if _, err := s.tx.Identifier.Delete().Where(among(identifier.FieldTechnologyID, idsOf(all, idOf))).Exec(ctx); err != nil {
		return err
	}
	var creates []*ent.IdentifierCreate
	for _, w := range all {
		position := 0
		add := func(scheme enum.IdentifierScheme, values []string) {
			for _, v := range values {
				creates = append(creates, s.tx.Identifier.Create().SetTechnologyID(w.id).SetScheme(scheme).SetValue(v).SetPosition(position))
				position++
			}
		}
		add(enum.SchemePURL, w.Identifiers.PURL)
		add(enum.SchemeCPE, w.Identifiers.CPE)
		add(enum.SchemeRepology, w.Identifiers.Repology)
		add(enum.SchemeEndoflife, w.Identifiers.EndOfLife)
	}
	return inBulk(creates, func(c []*ent.IdentifierCreate) error { return s.tx.Identifier.CreateBulk(c...).Exec(ctx) })
}

// relateCategories leaves the sort keys of the links to reindex.
func (s *seeder) relateCategories(ctx context.Context, all []written) error {
	all = unedited(all, "categories")
	if _, err := s.tx.TechnologyCategory.Delete().Where(among(technologycategory.FieldTechnologyID, idsOf(all, idOf))).Exec(ctx); err != nil {
		return err
	}
	var creates []*ent.TechnologyCategoryCreate
	for _, w := range all {
		for i, slug := range w.Categories {
			creates = append(creates, s.tx.TechnologyCategory.Create().SetTechnologyID(w.id).
				SetCategoryID(s.categories[slug]).SetPosition(i).SetNameKey([]byte{}).SetUpdatedAt(s.now))
		}
	}
	return inBulk(creates, func(c []*ent.TechnologyCategoryCreate) error {
		return s.tx.TechnologyCategory.CreateBulk(c...).Exec(ctx)
	})
}

// relateUseCases leaves the sort keys of the links to reindex.
func (s *seeder) relateUseCases(ctx context.Context, all []written) error {
	all = unedited(all, "use_cases")
	if _, err := s.tx.TechnologyUseCase.Delete().Where(among(technologyusecase.FieldTechnologyID, idsOf(all, idOf))).Exec(ctx); err != nil {
		return err
	}
	var creates []*ent.TechnologyUseCaseCreate
	for _, w := range all {
		for i, slug := range w.UseCases {
			creates = append(creates, s.tx.TechnologyUseCase.Create().SetTechnologyID(w.id).
				SetUseCaseID(s.useCases[slug]).SetPosition(i).SetNameKey([]byte{}).SetUpdatedAt(s.now))
		}
	}
	return inBulk(creates, func(c []*ent.TechnologyUseCaseCreate) error { return s.tx.TechnologyUseCase.CreateBulk(c...).Exec(ctx) })
}

// relateAlternatives leaves out what a person has deleted, as relateSuccessors does.
func (s *seeder) relateAlternatives(ctx context.Context, all []written) error {
	if _, err := s.tx.Alternative.Delete().Where(among(alternative.FieldTechnologyID, idsOf(all, idOf))).Exec(ctx); err != nil {
		return err
	}
	var creates []*ent.AlternativeCreate
	for _, w := range all {
		for i, slug := range w.Alternatives {
			if other, isThere := s.technologies[slug]; isThere {
				creates = append(creates, s.tx.Alternative.Create().SetTechnologyID(w.id).SetAlternativeID(other).SetPosition(i))
			}
		}
	}
	return inBulk(creates, func(c []*ent.AlternativeCreate) error { return s.tx.Alternative.CreateBulk(c...).Exec(ctx) })
}

func (s *seeder) relateSuccessors(ctx context.Context, all []written) error {
	if _, err := s.tx.Successor.Delete().Where(among(successor.FieldTechnologyID, idsOf(all, idOf))).Exec(ctx); err != nil {
		return err
	}
	var creates []*ent.SuccessorCreate
	for _, w := range all {
		for i, slug := range w.Successors {
			if other, isThere := s.technologies[slug]; isThere {
				creates = append(creates, s.tx.Successor.Create().SetTechnologyID(w.id).SetSuccessorID(other).SetPosition(i))
			}
		}
	}
	return inBulk(creates, func(c []*ent.SuccessorCreate) error { return s.tx.Successor.CreateBulk(c...).Exec(ctx) })
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
