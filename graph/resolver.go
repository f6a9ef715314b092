// Package graph is the GraphQL layer: resolvers cut by noun, access, and what
// runs around every operation.
package graph

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/graph/generated"
	"stackyard/graph/loader"
)

//go:generate go run github.com/99designs/gqlgen generate

// resolver has no state: what an operation loads with is in its context.
type resolver struct{}

func (resolver) Query() generated.QueryResolver                     { return queryResolver{} }
func (resolver) Category() generated.CategoryResolver               { return categoryResolver{} }
func (resolver) UseCase() generated.UseCaseResolver                 { return useCaseResolver{} }
func (resolver) Technology() generated.TechnologyResolver           { return technologyResolver{} }
func (resolver) ReleaseCycle() generated.ReleaseCycleResolver       { return releaseCycleResolver{} }
func (resolver) Advisory() generated.AdvisoryResolver               { return advisoryResolver{} }
func (resolver) AffectedRange() generated.AffectedRangeResolver     { return affectedRangeResolver{} }
func (resolver) Integration() generated.IntegrationResolver         { return integrationResolver{} }
func (resolver) IntegrationEdge() generated.IntegrationEdgeResolver { return integrationEdgeResolver{} }
func (resolver) Review() generated.ReviewResolver                   { return reviewResolver{} }
func (resolver) User() generated.UserResolver                       { return userResolver{} }
func (resolver) VersionRequirement() generated.VersionRequirementResolver {
	return versionRequirementResolver{}
}

type loadersKey struct{}

func withLoaders(ctx context.Context, l *loader.Loaders) context.Context {
	return context.WithValue(ctx, loadersKey{}, l)
}

// loaders gives the loaders of the operation that ctx belongs to.
func loaders(ctx context.Context) *loader.Loaders { return ctx.Value(loadersKey{}).(*loader.Loaders) }

type schemaKey struct{}

func withSchema(ctx context.Context, s *ast.Schema) context.Context {
	return context.WithValue(ctx, schemaKey{}, s)
}

// schemaOf gives the schema of the operation that ctx belongs to.
func schemaOf(ctx context.Context) *ast.Schema { return ctx.Value(schemaKey{}).(*ast.Schema) }
