package app

import (
	"github.com/99designs/gqlgen/graphql"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
)

// The inputs of the contract. What may be left out and also be null is an
// Omittable: left out means as it is, null means nothing.
type (
	// CreateReviewInput is a rating, with or without words.
	CreateReviewInput struct {
		TechnologyID relay.ID
		Rating       int
		Body         *string
	}
	// UpdateReviewInput is what to change of a review.
	UpdateReviewInput struct {
		ReviewID         relay.ID
		ExpectedRevision *int
		Rating           graphql.Omittable[*int]
		Body             graphql.Omittable[*string]
	}
	// DeleteReviewInput names a review.
	DeleteReviewInput struct{ ReviewID relay.ID }
	// ModerateReviewInput is what to do with a review.
	ModerateReviewInput struct {
		ReviewID relay.ID
		Hidden   bool
		Note     graphql.Omittable[*string]
	}
)

type (
	// CreateOrganizationInput is a new organisation.
	CreateOrganizationInput struct {
		Slug string
		Name string
	}
	// UpdateOrganizationInput is what to change of an organisation.
	UpdateOrganizationInput struct {
		OrganizationID   relay.ID
		ExpectedRevision *int
		Slug             graphql.Omittable[*string]
		Name             graphql.Omittable[*string]
	}
	// DeleteOrganizationInput names an organisation.
	DeleteOrganizationInput struct{ OrganizationID relay.ID }
	// InviteMemberInput is whom to invite, and as what.
	InviteMemberInput struct {
		OrganizationID relay.ID
		Email          string
		Role           enum.OrganizationRole
	}
	// AcceptInvitationInput names an invitation.
	AcceptInvitationInput struct{ InvitationID relay.ID }
	// RevokeInvitationInput names an invitation.
	RevokeInvitationInput struct{ InvitationID relay.ID }
	// SetMemberRoleInput is whose role to change.
	SetMemberRoleInput struct {
		OrganizationID relay.ID
		UserID         relay.ID
		Role           enum.OrganizationRole
	}
	// SetOrganizationRulesInput is what an organisation holds its projects to.
	SetOrganizationRulesInput struct {
		OrganizationID       relay.ID
		ExpectedRevision     *int
		EndOfLifeHorizonDays int
		AllowedLicenses      []string
		DisabledRules        []enum.FindingRule
	}
	// RemoveMemberInput is whose membership to end.
	RemoveMemberInput struct {
		OrganizationID relay.ID
		UserID         relay.ID
	}
	// LeaveOrganizationInput names an organisation.
	LeaveOrganizationInput struct{ OrganizationID relay.ID }
)

type (
	// MoneyInput is an amount, in whole units, in a currency.
	MoneyInput struct {
		Amount   int
		Currency string
	}
	// StackContextInput is what a stack is for; what is left out is not known.
	StackContextInput struct {
		UseCase              *string
		Traffic              *enum.Traffic
		HasUserAccounts      *bool
		IsInternetFacing     *bool
		EndOfLifeHorizonDays int
		AllowedLicenses      []string
	}
	// StackRequirementsInput is what a stack is to be recommended for.
	StackRequirementsInput struct {
		UseCase          string
		Traffic          enum.Traffic
		DataComplexity   enum.DataComplexity
		BusinessLogic    enum.BusinessLogic
		Growth           enum.Growth
		Expertise        []string
		HasUserAccounts  bool
		IsInternetFacing bool
		Security         []enum.SecurityNeed
		Compliance       []enum.Compliance
		Hosting          []enum.Hosting
		AllowedLicenses  []string
		MustUse          []string
		MustNotUse       []string
		Categories       []string
		Weights          []*CriterionWeightInput
	}
	// CriterionWeightInput is how much a criterion counts.
	CriterionWeightInput struct {
		Criterion string
		Weight    int
	}
	// StackComponentInput is a component to recognise.
	StackComponentInput struct {
		Technology string
		Version    *string
	}
	// CreateProjectInput is a new project.
	CreateProjectInput struct {
		OrganizationID   relay.ID
		Slug             string
		Name             string
		Description      *string
		Team             *string
		Visibility       enum.Visibility
		UseCase          *string
		Traffic          *enum.Traffic
		HasUserAccounts  *bool
		IsInternetFacing *bool
		MonthlyCost      *MoneyInput
		Stack            []*StackComponentInput
	}
	// UpdateProjectInput is what to change of a project.
	UpdateProjectInput struct {
		ProjectID        relay.ID
		ExpectedRevision *int
		Slug             graphql.Omittable[*string]
		Name             graphql.Omittable[*string]
		Description      graphql.Omittable[*string]
		Team             graphql.Omittable[*string]
		Visibility       graphql.Omittable[*enum.Visibility]
		UseCase          graphql.Omittable[*string]
		Traffic          graphql.Omittable[*enum.Traffic]
		HasUserAccounts  graphql.Omittable[*bool]
		IsInternetFacing graphql.Omittable[*bool]
		MonthlyCost      graphql.Omittable[*MoneyInput]
	}
	// DeleteProjectInput names a project.
	DeleteProjectInput struct{ ProjectID relay.ID }
	// SetStackInput is the whole stack of a project.
	SetStackInput struct {
		ProjectID        relay.ID
		ExpectedRevision *int
		Components       []*StackEntryInput
	}
	// StackEntryInput is a component of a stack, with what the organisation notes about it.
	StackEntryInput struct {
		Technology string
		Version    *string
		Ring       *enum.Ring
		Note       *string
	}
	// ImportSBOMInput is a document that lists what a project runs.
	ImportSBOMInput struct {
		ProjectID        relay.ID
		ExpectedRevision *int
		File             Upload
	}
)

type (
	// CreateTechnologyInput is a new technology.
	CreateTechnologyInput struct {
		Slug             string
		Name             string
		Summary          string
		Description      *string
		Homepage         *string
		Documentation    *string
		Repository       *string
		Steward          *string
		License          *string
		FirstReleaseYear *int
		Hosting          []enum.Hosting
		Categories       []string
		UseCases         []string
		Aliases          []string
		CuratorNotes     *string
	}
	// UpdateTechnologyInput is what to correct of a technology.
	UpdateTechnologyInput struct {
		TechnologyID     relay.ID
		ExpectedRevision *int
		Slug             graphql.Omittable[*string]
		Name             graphql.Omittable[*string]
		Summary          graphql.Omittable[*string]
		Description      graphql.Omittable[*string]
		Homepage         graphql.Omittable[*string]
		Documentation    graphql.Omittable[*string]
		Repository       graphql.Omittable[*string]
		Steward          graphql.Omittable[*string]
		License          graphql.Omittable[*string]
		FirstReleaseYear graphql.Omittable[*int]
		Hosting          graphql.Omittable[[]enum.Hosting]
		Categories       graphql.Omittable[[]string]
		UseCases         graphql.Omittable[[]string]
		Aliases          graphql.Omittable[[]string]
		CuratorNotes     graphql.Omittable[*string]
	}
	// DeleteTechnologyInput names a technology.
	DeleteTechnologyInput struct{ TechnologyID relay.ID }
	// SetReleaseCycleInput is what is known of a release cycle.
	SetReleaseCycleInput struct {
		TechnologyID         relay.ID
		ExpectedRevision     *int
		Name                 string
		Codename             graphql.Omittable[*string]
		ReleasedOn           graphql.Omittable[*calendar.Day]
		IsLongTerm           graphql.Omittable[*bool]
		LongTermFrom         graphql.Omittable[*calendar.Day]
		ActiveSupportUntil   graphql.Omittable[*calendar.Day]
		EndOfLifeOn          graphql.Omittable[*calendar.Day]
		IsEndOfLife          graphql.Omittable[*bool]
		ExtendedSupportUntil graphql.Omittable[*calendar.Day]
		LatestVersion        graphql.Omittable[*string]
		LatestReleasedOn     graphql.Omittable[*calendar.Day]
	}
	// DeleteReleaseCycleInput names a release cycle.
	DeleteReleaseCycleInput struct{ ReleaseCycleID relay.ID }
)

// AcknowledgeFindingInput is which finding to accept, why, and how long.
type AcknowledgeFindingInput struct {
	FindingID relay.ID
	Reason    string
	Until     calendar.Day
}

// ResetCalendarFeedInput is whose calendar gets a new address.
type ResetCalendarFeedInput struct{ OrganizationID relay.ID }

type (
	// CreateWebhookInput is an address to tell of changes.
	CreateWebhookInput struct {
		OrganizationID relay.ID
		URL            string
		SubjectTypes   []enum.ChangeSubjectType
	}
	// DeleteWebhookInput names a webhook.
	DeleteWebhookInput struct{ WebhookID relay.ID }
)
