package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/app"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
)

type subscriptionResolver struct{}

func (subscriptionResolver) CatalogChanged(ctx context.Context, after *string, types []enum.ChangeSubjectType) (<-chan *loader.ChangeEdge, error) {
	return follow(ctx, app.Following{Log: loader.PublicLog, Types: each(types)}, after)
}

// OrganizationChanged is for members: that the viewer is one has been decided
// before, and is decided again for every event.
func (subscriptionResolver) OrganizationChanged(ctx context.Context, id relay.ID, after *string, types []enum.ChangeSubjectType) (<-chan *loader.ChangeEdge, error) {
	if id.Type != relay.TypeOrganization {
		return nil, loader.ErrNotFound
	}
	if _, err := loaders(ctx).Organization().Load(ctx, id.Key); err != nil {
		return nil, err
	}
	reader, err := loaders(ctx).Reader()
	if err != nil {
		return nil, err
	}
	return follow(ctx, app.Following{Log: id.Key, User: reader.User, Types: each(types)}, after)
}

// each gives every type once; none is not the same as all.
func each(types []enum.ChangeSubjectType) []enum.ChangeSubjectType {
	slices.Sort(types)
	return slices.Compact(types)
}

// follow gives the changes of a log from the cursor on, or from now on.
func follow(ctx context.Context, f app.Following, after *string) (<-chan *loader.ChangeEdge, error) {
	o := operationOf(ctx)
	var err error
	if after == nil {
		f.After, err = o.app.LastChange(ctx, f.Log)
	} else {
		f.After, err = o.loaders.CursorToFollow(ctx, f.Log, *after)
	}
	if err != nil {
		return nil, err
	}
	o.events.begin(graphql.GetFieldContext(ctx))
	go func() {
		defer close(o.events.found)
		err := following(ctx, o.app, o.loaders, f, o.events.found)
		if err != nil && ctx.Err() == nil {
			EndWith(ctx, o.present(ctx, err))
		}
	}()
	return o.events.due, nil
}

// following passes changes on as fast as they are taken. It runs beside the
// request, so that a panic has to be caught here.
func following(ctx context.Context, a *app.App, l *loader.Loaders, f app.Following, found chan<- *loader.ChangeEdge) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = graphql.GetOperationContext(ctx).Recover(ctx, p)
		}
	}()
	return a.Follow(ctx, f, func(c *ent.Change) error {
		select {
		case found <- l.EdgeOfChange(c):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}
