package graph

import (
	"context"

	"stackyard/graph/generated"
	"stackyard/internal/app"
	"stackyard/internal/relay"
)

func (mutationResolver) CreateReview(ctx context.Context, in app.CreateReviewInput) (*generated.CreateReviewPayload, error) {
	review, problems, err := changed(ctx, (*app.App).CreateReview, in, reviewKind)
	return &generated.CreateReviewPayload{Review: review, UserErrors: problems}, err
}

func (mutationResolver) UpdateReview(ctx context.Context, in app.UpdateReviewInput) (*generated.UpdateReviewPayload, error) {
	review, problems, err := changed(ctx, (*app.App).UpdateReview, in, reviewKind)
	return &generated.UpdateReviewPayload{Review: review, UserErrors: problems}, err
}

func (mutationResolver) DeleteReview(ctx context.Context, in app.DeleteReviewInput) (*generated.DeleteReviewPayload, error) {
	id, problems, err := gone(ctx, (*app.App).DeleteReview, in)
	return &generated.DeleteReviewPayload{DeletedReviewID: id, UserErrors: problems}, err
}

func (mutationResolver) ModerateReview(ctx context.Context, in app.ModerateReviewInput) (*generated.ModerateReviewPayload, error) {
	review, problems, err := changed(ctx, (*app.App).ModerateReview, in, reviewKind)
	return &generated.ModerateReviewPayload{Review: review, UserErrors: problems}, err
}

func (mutationResolver) CreateOrganization(ctx context.Context, in app.CreateOrganizationInput) (*generated.CreateOrganizationPayload, error) {
	organization, problems, err := changed(ctx, (*app.App).CreateOrganization, in, organizationKind)
	return &generated.CreateOrganizationPayload{Organization: organization, UserErrors: problems}, err
}

func (mutationResolver) UpdateOrganization(ctx context.Context, in app.UpdateOrganizationInput) (*generated.UpdateOrganizationPayload, error) {
	organization, problems, err := changed(ctx, (*app.App).UpdateOrganization, in, organizationKind)
	return &generated.UpdateOrganizationPayload{Organization: organization, UserErrors: problems}, err
}

func (mutationResolver) DeleteOrganization(ctx context.Context, in app.DeleteOrganizationInput) (*generated.DeleteOrganizationPayload, error) {
	id, problems, err := gone(ctx, (*app.App).DeleteOrganization, in)
	return &generated.DeleteOrganizationPayload{DeletedOrganizationID: id, UserErrors: problems}, err
}

func (mutationResolver) InviteMember(ctx context.Context, in app.InviteMemberInput) (*generated.InviteMemberPayload, error) {
	invitation, problems, err := changed(ctx, (*app.App).InviteMember, in, invitationKind)
	return &generated.InviteMemberPayload{Invitation: invitation, UserErrors: problems}, err
}

func (mutationResolver) AcceptInvitation(ctx context.Context, in app.AcceptInvitationInput) (*generated.AcceptInvitationPayload, error) {
	organization, problems, err := changed(ctx, (*app.App).AcceptInvitation, in, organizationKind)
	return &generated.AcceptInvitationPayload{Organization: organization, UserErrors: problems}, err
}

func (mutationResolver) RevokeInvitation(ctx context.Context, in app.RevokeInvitationInput) (*generated.RevokeInvitationPayload, error) {
	id, problems, err := gone(ctx, (*app.App).RevokeInvitation, in)
	return &generated.RevokeInvitationPayload{RevokedInvitationID: id, UserErrors: problems}, err
}

func (mutationResolver) SetMemberRole(ctx context.Context, in app.SetMemberRoleInput) (*generated.SetMemberRolePayload, error) {
	member, problems, err := changed(ctx, (*app.App).SetMemberRole, in, memberKind)
	return &generated.SetMemberRolePayload{Member: member, UserErrors: problems}, err
}

func (mutationResolver) SetOrganizationRules(ctx context.Context, in app.SetOrganizationRulesInput) (*generated.SetOrganizationRulesPayload, error) {
	organization, problems, err := changed(ctx, (*app.App).SetOrganizationRules, in, organizationKind)
	return &generated.SetOrganizationRulesPayload{Organization: organization, UserErrors: problems}, err
}

func (mutationResolver) RemoveMember(ctx context.Context, in app.RemoveMemberInput) (*generated.RemoveMemberPayload, error) {
	id, problems, err := gone(ctx, (*app.App).RemoveMember, in)
	return &generated.RemoveMemberPayload{RemovedUserID: id, UserErrors: problems}, err
}

func (mutationResolver) LeaveOrganization(ctx context.Context, in app.LeaveOrganizationInput) (*generated.LeaveOrganizationPayload, error) {
	id, problems, err := gone(ctx, (*app.App).LeaveOrganization, in)
	return &generated.LeaveOrganizationPayload{LeftOrganizationID: id, UserErrors: problems}, err
}

func (mutationResolver) CreateProject(ctx context.Context, in app.CreateProjectInput) (*generated.CreateProjectPayload, error) {
	project, problems, err := changed(ctx, (*app.App).CreateProject, in, projectKind)
	return &generated.CreateProjectPayload{Project: project, UserErrors: problems}, err
}

func (mutationResolver) UpdateProject(ctx context.Context, in app.UpdateProjectInput) (*generated.UpdateProjectPayload, error) {
	project, problems, err := changed(ctx, (*app.App).UpdateProject, in, projectKind)
	return &generated.UpdateProjectPayload{Project: project, UserErrors: problems}, err
}

func (mutationResolver) DeleteProject(ctx context.Context, in app.DeleteProjectInput) (*generated.DeleteProjectPayload, error) {
	id, problems, err := gone(ctx, (*app.App).DeleteProject, in)
	return &generated.DeleteProjectPayload{DeletedProjectID: id, UserErrors: problems}, err
}

func (mutationResolver) SetStack(ctx context.Context, in app.SetStackInput) (*generated.SetStackPayload, error) {
	project, problems, err := changed(ctx, (*app.App).SetStack, in, projectKind)
	return &generated.SetStackPayload{Project: project, UserErrors: problems}, err
}

func (mutationResolver) ImportSBOM(ctx context.Context, in app.ImportSBOMInput) (*generated.ImportSBOMPayload, error) {
	var done *app.Import
	project, problems, err := changed(ctx, func(a *app.App, ctx context.Context, by app.Caller, in app.ImportSBOMInput) (id relay.ID, err error) {
		id, done, err = a.ImportSBOM(ctx, by, in)
		return id, err
	}, in, projectKind)
	out := &generated.ImportSBOMPayload{Project: project, UserErrors: problems}
	if done != nil {
		out.ComponentCount, out.RecognizedCount, out.Unrecognized = &done.Components, &done.Recognized, done.Unrecognized
	}
	return out, err
}

func (mutationResolver) AcknowledgeFinding(ctx context.Context, in app.AcknowledgeFindingInput) (*generated.AcknowledgeFindingPayload, error) {
	finding, problems, err := changed(ctx, (*app.App).AcknowledgeFinding, in, findingKind)
	return &generated.AcknowledgeFindingPayload{Finding: finding, UserErrors: problems}, err
}

func (mutationResolver) ResetCalendarFeed(ctx context.Context, in app.ResetCalendarFeedInput) (*generated.ResetCalendarFeedPayload, error) {
	var address string
	_, problems, err := run(ctx, func(a *app.App, ctx context.Context, by app.Caller, in app.ResetCalendarFeedInput) (id relay.ID, err error) {
		id, address, err = a.ResetCalendarFeed(ctx, by, in)
		return id, err
	}, in)
	out := &generated.ResetCalendarFeedPayload{UserErrors: problems}
	if address != "" {
		out.URL = &address
	}
	return out, err
}

func (mutationResolver) CreateWebhook(ctx context.Context, in app.CreateWebhookInput) (*generated.CreateWebhookPayload, error) {
	var secret *string
	webhook, problems, err := changed(ctx, func(a *app.App, ctx context.Context, by app.Caller, in app.CreateWebhookInput) (id relay.ID, err error) {
		id, secret, err = a.CreateWebhook(ctx, by, in)
		return id, err
	}, in, webhookKind)
	return &generated.CreateWebhookPayload{Webhook: webhook, Secret: secret, UserErrors: problems}, err
}

func (mutationResolver) DeleteWebhook(ctx context.Context, in app.DeleteWebhookInput) (*generated.DeleteWebhookPayload, error) {
	id, problems, err := gone(ctx, (*app.App).DeleteWebhook, in)
	return &generated.DeleteWebhookPayload{DeletedWebhookID: id, UserErrors: problems}, err
}

func (mutationResolver) CreateTechnology(ctx context.Context, in app.CreateTechnologyInput) (*generated.CreateTechnologyPayload, error) {
	technology, problems, err := changed(ctx, (*app.App).CreateTechnology, in, technologyKind)
	return &generated.CreateTechnologyPayload{Technology: technology, UserErrors: problems}, err
}

func (mutationResolver) UpdateTechnology(ctx context.Context, in app.UpdateTechnologyInput) (*generated.UpdateTechnologyPayload, error) {
	technology, problems, err := changed(ctx, (*app.App).UpdateTechnology, in, technologyKind)
	return &generated.UpdateTechnologyPayload{Technology: technology, UserErrors: problems}, err
}

func (mutationResolver) DeleteTechnology(ctx context.Context, in app.DeleteTechnologyInput) (*generated.DeleteTechnologyPayload, error) {
	id, problems, err := gone(ctx, (*app.App).DeleteTechnology, in)
	return &generated.DeleteTechnologyPayload{DeletedTechnologyID: id, UserErrors: problems}, err
}

func (mutationResolver) SetReleaseCycle(ctx context.Context, in app.SetReleaseCycleInput) (*generated.SetReleaseCyclePayload, error) {
	releaseCycle, problems, err := changed(ctx, (*app.App).SetReleaseCycle, in, releaseCycleKind)
	return &generated.SetReleaseCyclePayload{ReleaseCycle: releaseCycle, UserErrors: problems}, err
}

func (mutationResolver) DeleteReleaseCycle(ctx context.Context, in app.DeleteReleaseCycleInput) (*generated.DeleteReleaseCyclePayload, error) {
	id, problems, err := gone(ctx, (*app.App).DeleteReleaseCycle, in)
	return &generated.DeleteReleaseCyclePayload{DeletedReleaseCycleID: id, UserErrors: problems}, err
}

func (mutationResolver) SyncSource(ctx context.Context, in app.SyncSourceInput) (*generated.SyncSourcePayload, error) {
	var count *int
	source, problems, err := changed(ctx, func(a *app.App, ctx context.Context, by app.Caller, in app.SyncSourceInput) (id relay.ID, err error) {
		id, count, err = a.SyncSource(ctx, by, in)
		return id, err
	}, in, sourceKind)
	return &generated.SyncSourcePayload{Source: source, ChangedCount: count, UserErrors: problems}, err
}
