package app

import (
	"context"
	"fmt"

	"stackyard/ent"
	"stackyard/ent/technology"
	"stackyard/internal/auth"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// runWith is run for those whose token carries a scope.
func (a *App) runWith(ctx context.Context, by Caller, scope, name string, do func(ctx context.Context, w *work) (relay.ID, error)) (relay.ID, error) {
	if by.Viewer != nil && !by.Viewer.HasScope(scope) {
		return relay.ID{}, lacking(scope)
	}
	return a.run(ctx, by, name, do)
}

// curate is run for the curators of the catalogue.
func (a *App) curate(ctx context.Context, by Caller, name string, do func(ctx context.Context, w *work) (relay.ID, error)) (relay.ID, error) {
	return a.runWith(ctx, by, auth.ScopeCatalogWrite, name, do)
}

// technology finds the technology that an input names, and holds it.
func (w *work) technology(ctx context.Context, id relay.ID) (*ent.Technology, error) {
	const field = "technologyId"
	if id.Type != relay.TypeTechnology {
		return nil, notFound(field)
	}
	t, err := w.hold(ctx, id.Key)
	if ent.IsNotFound(err) {
		return nil, notFound(field)
	}
	if err != nil {
		return nil, fmt.Errorf("holding a technology: %w", err)
	}
	return t, nil
}

// hold holds a technology until the transaction ends. Whatever changes a
// technology, its release cycles or its reviews holds it first, so that such
// changes come one after the other; and nobody takes it into a stack meanwhile.
func (w *work) hold(ctx context.Context, technologyKey int64) (*ent.Technology, error) {
	return w.Technology.Query().Where(technology.ID(technologyKey), store.Locked).Only(ctx)
}

// releaseCycle finds the release cycle that an input names, and holds its technology.
func (w *work) releaseCycle(ctx context.Context, id relay.ID) (*ent.ReleaseCycle, *ent.Technology, error) {
	const field = "releaseCycleId"
	if id.Type != relay.TypeReleaseCycle {
		return nil, nil, notFound(field)
	}
	c, err := w.ReleaseCycle.Get(ctx, id.Key)
	var t *ent.Technology
	if err == nil {
		t, err = w.hold(ctx, c.TechnologyID)
	}
	if err == nil {
		c, err = w.ReleaseCycle.Get(ctx, id.Key)
	}
	if ent.IsNotFound(err) {
		return nil, nil, notFound(field)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("finding a release cycle: %w", err)
	}
	return c, t, nil
}

// same says whether two values that may not be known are equal.
func same[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
