package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"stackyard/internal/app"
	"stackyard/internal/auth"
	"stackyard/internal/store"
	"stackyard/internal/webhook"
)

// webhookConfig says how webhooks are delivered.
type webhookConfig struct {
	// AllowPrivate lets webhooks go to addresses that are not public, and to http.
	AllowPrivate bool `help:"Let webhooks go to private and link-local addresses, and to http."`
	// Timeout is how long a receiver may take to answer.
	Timeout time.Duration `default:"10s" help:"Time for the receiver of a webhook to answer."`
	// KeepTrying is how long a change is tried to be delivered to a receiver that fails.
	KeepTrying time.Duration `default:"24h" help:"Time that a change is tried to be delivered to a receiver that fails."`
	// Deliveries is how many webhooks are delivered at the same time.
	Deliveries int `default:"16" help:"Most webhooks that are delivered at the same time."`
}

func (c webhookConfig) faults() []error {
	var faults []error
	for _, limit := range []limit{
		{"webhook-timeout", int64(c.Timeout)},
		{"webhook-keep-trying", int64(c.KeepTrying)},
		{"webhook-deliveries", int64(c.Deliveries)},
	} {
		if limit.value <= 0 {
			faults = append(faults, fmt.Errorf("%s: must be more than 0", limit.setting))
		}
	}
	return faults
}

// webhooks are how they are delivered. In development mode, which nobody else reaches, they go to this machine, and a key
// goes with the development issuer's.
func (c Config) webhooks() (app.Webhooks, error) {
	keys, err := webhook.ParseKeys(c.SecretKey)
	if err != nil {
		return app.Webhooks{}, fmt.Errorf("secret-key: %w", err)
	}
	w := app.Webhooks{
		Keys: keys, AllowPrivate: c.Webhook.AllowPrivate || c.Dev,
		Timeout: c.Webhook.Timeout, KeepTrying: c.Webhook.KeepTrying, Deliveries: c.Webhook.Deliveries,
	}
	if !c.Dev || len(keys) > 0 {
		return w, nil
	}
	raw, err := auth.DevSecretKey(c.DataDir, webhook.KeyBytes)
	if err != nil {
		return app.Webhooks{}, fmt.Errorf("the secret key of the development mode: %w", err)
	}
	key, err := webhook.NewKey(raw)
	w.Keys = webhook.Keys{key}
	return w, err
}

// webhookEvery is how often is looked for what is due where nothing tells.
const webhookEvery = 2 * time.Second

// deliver delivers webhooks whenever something has changed, or is due again.
func deliver(ctx context.Context, db *store.DB, cases *app.App, log *slog.Logger) {
	if !cases.HasWebhooks() {
		return
	}
	changed, stop := db.TenantsChanged()
	defer stop()
	every := time.NewTicker(webhookEvery)
	defer every.Stop()
	for {
		if err := cases.DeliverWebhooks(ctx, log); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "not delivering webhooks", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-every.C:
		}
	}
}
