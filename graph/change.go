package graph

import (
	"context"
	"slices"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/relay"
)

func (queryResolver) CatalogChanges(ctx context.Context, first *int, after *string, last *int, before *string) (*loader.ChangeConnection, error) {
	return thenPage(ctx, lookAhead.changes)(loaders(ctx).Changes(ctx, loader.PublicLog, 0, pageArgs(first, after, last, before)))
}

type changeResolver struct{}

func subjectOf(c *ent.Change) relay.ID {
	return relay.ID{Type: loader.TypeOfSubject(c.SubjectType), Key: c.SubjectKey}
}

func (changeResolver) SubjectID(_ context.Context, c *ent.Change) (*relay.ID, error) {
	id := subjectOf(c)
	return &id, nil
}

func (changeResolver) Subject(ctx context.Context, c *ent.Change) (loader.Node, error) {
	return nodeOrNull(loaders(ctx).Node(ctx, subjectOf(c)))
}

// Fields leaves out what the reader's role does not let them read.
func (changeResolver) Fields(ctx context.Context, c *ent.Change) ([]string, error) {
	if c.LogID == loader.PublicLog {
		return c.Fields, nil // the public log has public fields alone
	}
	reader, err := loaders(ctx).Reader()
	if err != nil {
		return nil, err
	}
	role := reader.Role(c.LogID)
	return slices.DeleteFunc(slices.Clone(c.Fields), func(f string) bool {
		return !role.Includes(loader.RoleForField(c.SubjectType, f))
	}), nil
}

func (changeResolver) Actor(ctx context.Context, c *ent.Change) (*ent.User, error) {
	if c.ActorID == nil {
		return nil, nil
	}
	return loader.OrNull(loaders(ctx).User().Load(ctx, *c.ActorID))
}
