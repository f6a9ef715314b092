package loader

import (
	"context"

	"stackyard/internal/relay"
)

// Node loads any object by its global id.
func (l *Loaders) Node(ctx context.Context, id relay.ID) (Node, error) {
	switch id.Type {
	case relay.TypeCategory:
		return node(ctx, l.Category(), id)
	case relay.TypeUseCase:
		return node(ctx, l.UseCase(), id)
	case relay.TypeCriterion:
		return node(ctx, l.Criterion(), id)
	case relay.TypeMistake:
		return node(ctx, l.Mistake(), id)
	case relay.TypeSource:
		return node(ctx, l.Source(), id)
	case relay.TypeTool:
		return node(ctx, l.Tool(), id)
	case relay.TypeTechnology:
		return node(ctx, l.Technology(), id)
	case relay.TypeReleaseCycle:
		return node(ctx, l.ReleaseCycle(), id)
	case relay.TypeAdvisory:
		return node(ctx, l.Advisory(), id)
	case relay.TypeIntegration:
		return node(ctx, l.Integration(), id)
	case relay.TypeUser:
		return node(ctx, l.User(), id)
	case relay.TypeReview:
		return node(ctx, l.Review(), id)
	case relay.TypeOrganization:
		return node(ctx, l.Organization(), id)
	case relay.TypeMember:
		return node(ctx, l.Member(), id)
	case relay.TypeInvitation:
		return node(ctx, l.Invitation(), id)
	case relay.TypeProject:
		return node(ctx, l.Project(), id)
	case relay.TypeStackComponent:
		return node(ctx, l.StackComponent(), id)
	case relay.TypeFinding:
		return node(ctx, l.Finding(), id)
	case relay.TypeWebhook:
		return node(ctx, l.Webhook(), id)
	}
	return nil, ErrNotFound
}

func node[E Node](ctx context.Context, e *Edge[int64, E], id relay.ID) (Node, error) {
	n, err := e.Load(ctx, id.Key)
	if err != nil {
		return nil, err
	}
	return n, nil
}

// NodesAhead loads any objects by their global ids, one statement a type.
func (l *Loaders) NodesAhead(ctx context.Context, ids []*relay.ID) error {
	byType := map[relay.Type][]int64{}
	for _, id := range ids {
		byType[id.Type] = append(byType[id.Type], id.Key)
	}
	for of, keys := range byType {
		if err := l.nodesAhead(ctx, of, keys); err != nil {
			return err
		}
	}
	return nil
}

func (l *Loaders) nodesAhead(ctx context.Context, of relay.Type, keys []int64) (err error) {
	switch of {
	case relay.TypeCategory:
		_, err = l.Category().Ahead(ctx, keys)
	case relay.TypeUseCase:
		_, err = l.UseCase().Ahead(ctx, keys)
	case relay.TypeCriterion:
		_, err = l.Criterion().Ahead(ctx, keys)
	case relay.TypeMistake:
		_, err = l.Mistake().Ahead(ctx, keys)
	case relay.TypeSource:
		_, err = l.Source().Ahead(ctx, keys)
	case relay.TypeTool:
		_, err = l.Tool().Ahead(ctx, keys)
	case relay.TypeTechnology:
		_, err = l.Technology().Ahead(ctx, keys)
	case relay.TypeReleaseCycle:
		_, err = l.ReleaseCycle().Ahead(ctx, keys)
	case relay.TypeAdvisory:
		_, err = l.Advisory().Ahead(ctx, keys)
	case relay.TypeIntegration:
		_, err = l.Integration().Ahead(ctx, keys)
	case relay.TypeUser:
		_, err = l.User().Ahead(ctx, keys)
	case relay.TypeReview:
		_, err = l.Review().Ahead(ctx, keys)
	case relay.TypeOrganization:
		_, err = l.Organization().Ahead(ctx, keys)
	case relay.TypeMember:
		_, err = l.Member().Ahead(ctx, keys)
	case relay.TypeInvitation:
		_, err = l.Invitation().Ahead(ctx, keys)
	case relay.TypeProject:
		_, err = l.Project().Ahead(ctx, keys)
	case relay.TypeStackComponent:
		_, err = l.StackComponent().Ahead(ctx, keys)
	case relay.TypeFinding:
		_, err = l.Finding().Ahead(ctx, keys)
	case relay.TypeWebhook:
		_, err = l.Webhook().Ahead(ctx, keys)
	}
	return err
}
