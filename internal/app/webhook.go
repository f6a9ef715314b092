package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"stackyard/ent"
	"stackyard/ent/changelog"
	entwebhook "stackyard/ent/webhook"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/webhook"
)

// Webhooks says how webhooks are delivered.
type Webhooks struct {
	// Keys are what secrets are kept under; without any, there are no deliveries and no new webhooks.
	Keys webhook.Keys
	// AllowPrivate lets webhooks go to addresses that are not public, and to http.
	AllowPrivate bool
	// Timeout is how long a receiver may take to answer.
	Timeout time.Duration
	// KeepTrying is how long a change is tried to be delivered to a receiver that fails.
	KeepTrying time.Duration
	// Deliveries is how many webhooks are delivered at a time.
	Deliveries int
}

// DeliverBy says how webhooks are delivered; before, they are off. It is called before the use cases are used.
func (a *App) DeliverBy(w Webhooks) {
	a.webhooks, a.sender = w, webhook.NewSender(w.Timeout, w.AllowPrivate)
}

// webhooksOff is why there are no deliveries without a key.
const webhooksOff = "webhooks are off: the server has no key to keep their secrets under (setting secret-key)"

// areOn says whether webhooks are delivered.
func (w Webhooks) areOn() bool { return len(w.Keys) > 0 }

// WebhookTrouble says why deliveries to a webhook do not arrive; nothing where they do.
func (a *App) WebhookTrouble(w *ent.Webhook) *string {
	if !a.webhooks.areOn() {
		off := webhooksOff
		return &off
	}
	return w.LastError
}

// CreateWebhook has an address told of the changes of an organisation. The secret that it gives
// is nowhere else in the clear: what was done before under the same key gives none.
func (a *App) CreateWebhook(ctx context.Context, by Caller, in CreateWebhookInput) (id relay.ID, secret *string, err error) {
	return runShowing(ctx, a, by, "createWebhook", func(ctx context.Context, w *work) (relay.ID, *string, error) {
		o, err := w.organization(ctx, "organizationId", in.OrganizationID, enum.RoleOwner)
		if err != nil {
			return relay.ID{}, nil, err
		}
		address, err := a.checkWebhook(ctx, w, o, in)
		if err != nil {
			return relay.ID{}, nil, err
		}
		log, err := w.ChangeLog.Query().Where(changelog.ID(o.ID)).Only(ctx)
		if err != nil {
			return relay.ID{}, nil, fmt.Errorf("reading how far the change log has come: %w", err)
		}
		key := webhook.NewSecret()
		hook, err := w.Webhook.Create().SetOrganizationID(o.ID).SetURL(address).SetSubjectTypes(in.SubjectTypes).
			SetSecret(a.webhooks.Keys.Seal(key, bindingOf(o.ID, address))).SetSequence(log.LastSequence).Save(ctx)
		if err != nil {
			return relay.ID{}, nil, err
		}
		text := key.Text()
		return hook.GlobalID(), &text, nil
	})
}

// checkWebhook reads the input of a new webhook.
func (a *App) checkWebhook(ctx context.Context, w *work, o *ent.Organization, in CreateWebhookInput) (address string, err error) {
	var f faults
	if !a.webhooks.areOn() {
		f.add(at(), enum.InputNotAllowed, "%s", webhooksOff)
	}
	address = f.line(at("url"), in.URL, mostURL)
	if err := webhook.CheckAddress(address, a.webhooks.AllowPrivate); address != "" && err != nil {
		f.add(at("url"), enum.InputInvalid, "%v", err)
	}
	f.subjectTypes(at("subjectTypes"), in.SubjectTypes)
	n, err := w.Webhook.Query().Where(entwebhook.OrganizationID(o.ID)).Count(ctx)
	if err != nil {
		return "", fmt.Errorf("counting webhooks: %w", err)
	}
	if n >= w.limits.Webhooks {
		f.add(at("organizationId"), enum.InputLimitReached, "an organisation has no more than %d webhooks (--max-webhooks)", w.limits.Webhooks)
	}
	return address, f.err()
}

// subjectTypes checks that there are some, each once, that an organisation's log has.
func (f *faults) subjectTypes(where []string, types []enum.ChangeSubjectType) {
	if len(types) == 0 {
		f.add(where, enum.InputRequired, "it is empty")
	}
	for i, t := range types {
		switch {
		case slices.Contains(types[:i], t):
			f.add(where, enum.InputInvalid, "%s is in it twice", t)
		case !store.IsInOrganizations(t):
			f.add(where, enum.InputInvalid, "no organisation's log has changes of %s, but of %s", t, strings.Join(kindsOfTenants(), ", "))
		}
	}
}

func kindsOfTenants() []string {
	return slices.DeleteFunc(enum.ChangeSubjectType("").Values(), func(t string) bool { return !store.IsInOrganizations(enum.ChangeSubjectType(t)) })
}

// bindingOf keeps a secret from opening for another organisation or address than it was made for.
func bindingOf(organization int64, address string) string {
	return fmt.Sprintf("organisation %d, %s", organization, address)
}

// DeleteWebhook ends the deliveries to an address.
func (a *App) DeleteWebhook(ctx context.Context, by Caller, in DeleteWebhookInput) (relay.ID, error) {
	return a.run(ctx, by, "deleteWebhook", func(ctx context.Context, w *work) (relay.ID, error) {
		hook, err := w.webhook(ctx, in.WebhookID)
		if err != nil {
			return relay.ID{}, err
		}
		return hook.GlobalID(), w.Webhook.DeleteOne(hook).Exec(ctx)
	})
}

// webhook finds the webhook that an input names, and holds its organisation.
func (w *work) webhook(ctx context.Context, id relay.ID) (*ent.Webhook, error) {
	const field = "webhookId"
	if id.Type != relay.TypeWebhook {
		return nil, notFound(field)
	}
	query := w.Webhook.Query().Where(entwebhook.ID(id.Key), seen(w.reader.Webhooks)).
		Select(entwebhook.FieldID, entwebhook.FieldOrganizationID)
	hook, err := query.Clone().Only(ctx)
	if err == nil {
		if _, err := w.held(ctx, field, hook.OrganizationID, enum.RoleOwner); err != nil {
			return nil, err
		}
		hook, err = query.Only(ctx) // it may have been deleted while the organisation was held by somebody else
	}
	if ent.IsNotFound(err) {
		return nil, notFound(field)
	}
	if err != nil {
		return nil, fmt.Errorf("finding a webhook: %w", err)
	}
	return hook, nil
}
