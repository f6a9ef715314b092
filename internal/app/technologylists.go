package app

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/category"
	"stackyard/ent/technology"
	"stackyard/ent/technologycategory"
	"stackyard/ent/technologyusecase"
	"stackyard/ent/usecase"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/text"
)

// checkTechnology holds what is said anew of a technology against what else the
// catalogue has; own is its key, 0 for a new one.
func (w *work) checkTechnology(ctx context.Context, f *faults, is, was technologyFacts, own int64) error {
	others := w.Technology.Query().Where(technology.IDNEQ(own))
	if is.slug != "" && is.slug != was.slug { // what the files call another is that one's, too
		isTaken, err := others.Clone().Where(technology.Or(technology.Slug(is.slug), technology.FileKey(is.slug))).Exist(ctx)
		if err != nil {
			return fmt.Errorf("looking for a slug: %w", err)
		}
		if isTaken {
			f.add(at("slug"), enum.InputTaken, "another technology has it")
		}
	}
	if is.name != "" && is.name != was.name {
		isTaken, err := others.Where(technology.NameKey(text.Key(is.name))).Exist(ctx)
		if err != nil {
			return fmt.Errorf("looking for a name: %w", err)
		}
		if isTaken {
			f.add(at("name"), enum.InputTaken, "another technology has it")
		}
	}
	return w.checkLists(ctx, f, is, was)
}

func (w *work) checkLists(ctx context.Context, f *faults, is, was technologyFacts) error {
	for _, list := range []struct {
		field   string
		is, was []string
		keys    func(context.Context, []string) (map[string]int64, error)
	}{
		{"categories", is.categories, was.categories, w.categoryKeys},
		{"useCases", is.useCases, was.useCases, w.useCaseKeys},
	} {
		if len(list.is) == 0 || slices.Equal(list.is, list.was) {
			continue
		}
		keys, err := list.keys(ctx, list.is)
		if err != nil {
			return err
		}
		for i, slug := range list.is {
			if _, isThere := keys[slug]; !isThere && slug != "" {
				f.add(at(list.field, i), enum.InputNotFound, "there is none with this slug")
			}
		}
	}
	return nil
}

// readLists reads the lists of a technology that are tables of their own.
func (w *work) readLists(ctx context.Context, id int64, into *technologyFacts) error {
	categories, err := w.TechnologyCategory.Query().Where(technologycategory.TechnologyID(id)).
		Order(ent.Asc(technologycategory.FieldPosition)).WithCategory().All(ctx)
	if err != nil {
		return fmt.Errorf("reading the categories of a technology: %w", err)
	}
	useCases, err := w.TechnologyUseCase.Query().Where(technologyusecase.TechnologyID(id)).
		Order(ent.Asc(technologyusecase.FieldPosition)).WithUseCase().All(ctx)
	if err != nil {
		return fmt.Errorf("reading the use cases of a technology: %w", err)
	}
	for _, c := range categories {
		into.categories = append(into.categories, c.Edges.Category.Slug)
	}
	for _, u := range useCases {
		into.useCases = append(into.useCases, u.Edges.UseCase.Slug)
	}
	return nil
}

// relate writes the lists that differ; store.Reindex gives them their sort keys.
func (w *work) relate(ctx context.Context, id int64, is, was technologyFacts) error {
	if !slices.Equal(is.categories, was.categories) {
		if err := w.relateCategories(ctx, id, is.categories); err != nil {
			return fmt.Errorf("writing the categories of a technology: %w", err)
		}
	}
	if !slices.Equal(is.useCases, was.useCases) {
		if err := w.relateUseCases(ctx, id, is.useCases); err != nil {
			return fmt.Errorf("writing the use cases of a technology: %w", err)
		}
	}
	return nil
}

func (w *work) relateCategories(ctx context.Context, id int64, slugs []string) error {
	keys, err := w.categoryKeys(ctx, slugs)
	if err != nil {
		return err
	}
	if _, err := w.TechnologyCategory.Delete().Where(technologycategory.TechnologyID(id)).Exec(ctx); err != nil {
		return err
	}
	return w.TechnologyCategory.MapCreateBulk(slugs, func(c *ent.TechnologyCategoryCreate, i int) {
		c.SetTechnologyID(id).SetCategoryID(keys[slugs[i]]).SetPosition(i).SetNameKey([]byte{}).SetUpdatedAt(w.now)
	}).Exec(ctx)
}

func (w *work) relateUseCases(ctx context.Context, id int64, slugs []string) error {
	keys, err := w.useCaseKeys(ctx, slugs)
	if err != nil {
		return err
	}
	if _, err := w.TechnologyUseCase.Delete().Where(technologyusecase.TechnologyID(id)).Exec(ctx); err != nil {
		return err
	}
	return w.TechnologyUseCase.MapCreateBulk(slugs, func(c *ent.TechnologyUseCaseCreate, i int) {
		c.SetTechnologyID(id).SetUseCaseID(keys[slugs[i]]).SetPosition(i).SetNameKey([]byte{}).SetUpdatedAt(w.now)
	}).Exec(ctx)
}

// categoryKeys finds categories by their slugs.
func (w *work) categoryKeys(ctx context.Context, slugs []string) (map[string]int64, error) {
	rows, err := w.Category.Query().Where(store.Kept, called(slugs)).Select(category.FieldSlug).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("finding categories: %w", err)
	}
	keys := make(map[string]int64, len(rows))
	for _, c := range rows {
		keys[c.Slug] = c.ID
	}
	return keys, nil
}

// useCaseKeys finds use cases by their slugs.
func (w *work) useCaseKeys(ctx context.Context, slugs []string) (map[string]int64, error) {
	rows, err := w.UseCase.Query().Where(store.Kept, called(slugs)).Select(usecase.FieldSlug).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("finding use cases: %w", err)
	}
	keys := make(map[string]int64, len(rows))
	for _, u := range rows {
		keys[u.Slug] = u.ID
	}
	return keys, nil
}

// called narrows a query to what has one of the slugs.
func called(slugs []string) func(*sql.Selector) {
	return func(s *sql.Selector) { s.Where(store.In(s.C("slug"), slugs)) }
}
