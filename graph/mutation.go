package graph

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/app"
	"stackyard/internal/relay"
)

type mutationResolver struct{}

// use is a use case.
type use[In any] func(a *app.App, ctx context.Context, by app.Caller, in In) (relay.ID, error)

// run runs a use case. What a person can mend is no error but part of the answer.
func run[In any](ctx context.Context, do use[In], in In) (relay.ID, []*app.UserError, error) {
	by, err := caller(ctx)
	if err != nil {
		return relay.ID{}, nil, err
	}
	id, err := do(operationOf(ctx).app, ctx, by, in)
	if problems, ok := errors.AsType[app.UserErrors](err); ok {
		return relay.ID{}, problems, nil
	}
	return id, []*app.UserError{}, err
}

// kind is how an object of a payload is loaded, and what is loaded ahead below it.
type kind[T any] struct {
	edge  func(*loader.Loaders) *loader.Edge[int64, *T]
	below func(lookAhead, ast.SelectionSet, []*T)
}

// changed runs a use case, and gives its object as the viewer sees it afterwards.
func changed[In, T any](ctx context.Context, do use[In], in In, of kind[T]) (*T, []*app.UserError, error) {
	id, problems, err := run(ctx, do, in)
	if err != nil || len(problems) > 0 {
		return nil, problems, err
	}
	object, err := loader.OrNull(of.edge(loaders(ctx)).Load(ctx, id.Key))
	if err == nil && object != nil {
		a := ahead(ctx)
		for _, f := range a.below(graphql.GetFieldContext(ctx).Field) {
			of.below(a, f.Selections, []*T{object})
		}
	}
	return object, problems, err
}

// gone runs a use case that ends something, and gives the id that it had.
func gone[In any](ctx context.Context, do use[In], in In) (*relay.ID, []*app.UserError, error) {
	id, problems, err := run(ctx, do, in)
	if err != nil || len(problems) > 0 {
		return nil, problems, err
	}
	return &id, problems, nil
}

var (
	reviewKind       = kind[ent.Review]{(*loader.Loaders).Review, lookAhead.reviews}
	organizationKind = kind[ent.Organization]{(*loader.Loaders).Organization, lookAhead.organizations}
	memberKind       = kind[ent.Member]{(*loader.Loaders).Member, lookAhead.members}
	invitationKind   = kind[ent.Invitation]{(*loader.Loaders).Invitation, lookAhead.invitations}
	projectKind      = kind[ent.Project]{(*loader.Loaders).Project, lookAhead.projects}
	findingKind      = kind[ent.Finding]{(*loader.Loaders).Finding, lookAhead.keptFindings}
	webhookKind      = kind[ent.Webhook]{(*loader.Loaders).Webhook, func(lookAhead, ast.SelectionSet, []*ent.Webhook) {}} // there is nothing below
	technologyKind   = kind[ent.Technology]{(*loader.Loaders).Technology, lookAhead.technologies}
	sourceKind       = kind[ent.Source]{(*loader.Loaders).Source, func(lookAhead, ast.SelectionSet, []*ent.Source) {}} // there is nothing below
	releaseCycleKind = kind[ent.ReleaseCycle]{(*loader.Loaders).ReleaseCycle, lookAhead.releaseCycles}
)
