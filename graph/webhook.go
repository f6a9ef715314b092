package graph

import (
	"context"

	"stackyard/ent"
	"stackyard/internal/calendar"
)

func (organizationResolver) Webhooks(ctx context.Context, o *ent.Organization) ([]*ent.Webhook, error) {
	return loaders(ctx).OrganizationWebhooks().Load(ctx, o.ID)
}

type webhookResolver struct{}

func (webhookResolver) IsHealthy(ctx context.Context, w *ent.Webhook) (bool, error) {
	return operationOf(ctx).app.WebhookTrouble(w) == nil, nil
}

func (webhookResolver) LastError(ctx context.Context, w *ent.Webhook) (*string, error) {
	return operationOf(ctx).app.WebhookTrouble(w), nil
}

func (webhookResolver) NextAttemptAt(ctx context.Context, w *ent.Webhook) (*calendar.Instant, error) {
	if !operationOf(ctx).app.HasWebhooks() {
		return nil, nil
	}
	return w.NextAttemptAt, nil
}
