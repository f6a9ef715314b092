// Package graph is the GraphQL layer: resolvers cut by noun, access, and what
// runs around every operation.
package graph

import (
	"stackyard/graph/generated"
)

//go:generate go run github.com/99designs/gqlgen generate

// resolver has no state: what an operation loads with is in its context.
type resolver struct{}

func (resolver) Query() generated.QueryResolver                     { return queryResolver{} }
func (resolver) Mutation() generated.MutationResolver               { return mutationResolver{} }
func (resolver) Subscription() generated.SubscriptionResolver       { return subscriptionResolver{} }
func (resolver) Viewer() generated.ViewerResolver                   { return viewerResolver{} }
func (resolver) Organization() generated.OrganizationResolver       { return organizationResolver{} }
func (resolver) Member() generated.MemberResolver                   { return memberResolver{} }
func (resolver) Invitation() generated.InvitationResolver           { return invitationResolver{} }
func (resolver) Project() generated.ProjectResolver                 { return projectResolver{} }
func (resolver) StackComponent() generated.StackComponentResolver   { return stackComponentResolver{} }
func (resolver) Finding() generated.FindingResolver                 { return findingResolver{} }
func (resolver) Webhook() generated.WebhookResolver                 { return webhookResolver{} }
func (resolver) Acknowledgement() generated.AcknowledgementResolver { return acknowledgementResolver{} }

func (resolver) ForecastEntry() generated.ForecastEntryResolver     { return forecastEntryResolver{} }
func (resolver) Change() generated.ChangeResolver                   { return changeResolver{} }
func (resolver) Category() generated.CategoryResolver               { return categoryResolver{} }
func (resolver) UseCase() generated.UseCaseResolver                 { return useCaseResolver{} }
func (resolver) Technology() generated.TechnologyResolver           { return technologyResolver{} }
func (resolver) ReleaseCycle() generated.ReleaseCycleResolver       { return releaseCycleResolver{} }
func (resolver) Advisory() generated.AdvisoryResolver               { return advisoryResolver{} }
func (resolver) AffectedRange() generated.AffectedRangeResolver     { return affectedRangeResolver{} }
func (resolver) Integration() generated.IntegrationResolver         { return integrationResolver{} }
func (resolver) IntegrationEdge() generated.IntegrationEdgeResolver { return integrationEdgeResolver{} }
func (resolver) Assessment() generated.AssessmentResolver           { return assessmentResolver{} }
func (resolver) Comparison() generated.ComparisonResolver           { return comparisonResolver{} }
func (resolver) ComparisonRow() generated.ComparisonRowResolver     { return comparisonRowResolver{} }

func (resolver) StackFinding() generated.StackFindingResolver { return stackFindingResolver{} }

func (resolver) CheckedComponent() generated.CheckedComponentResolver {
	return checkedComponentResolver{}
}
func (resolver) Review() generated.ReviewResolver { return reviewResolver{} }
func (resolver) User() generated.UserResolver     { return userResolver{} }
func (resolver) VersionRequirement() generated.VersionRequirementResolver {
	return versionRequirementResolver{}
}

func (resolver) StackRecommendation() generated.StackRecommendationResolver {
	return stackRecommendationResolver{}
}

func (resolver) RecommendedComponent() generated.RecommendedComponentResolver {
	return recommendedComponentResolver{}
}

func (resolver) RecommendedAlternative() generated.RecommendedAlternativeResolver {
	return recommendedAlternativeResolver{}
}

func (resolver) RejectedTechnology() generated.RejectedTechnologyResolver {
	return rejectedTechnologyResolver{}
}
func (resolver) Reason() generated.ReasonResolver { return reasonResolver{} }
