package loader

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/webhook"
	"stackyard/internal/store"
)

// shownOfWebhooks are the columns of webhooks but their secrets, which nobody is shown.
var shownOfWebhooks = slices.DeleteFunc(slices.Clone(webhook.Columns), func(c string) bool { return c == webhook.FieldSecret })

// Webhook loads by id.
func (l *Loaders) Webhook() *Edge[int64, *ent.Webhook] {
	return byID(l, "Webhook", l.webhooks, func(r *store.Reader) store.Condition { return r.Webhooks })
}

func (l *Loaders) webhooks(ctx context.Context, w where) ([]*ent.Webhook, error) {
	return l.db.Read().Webhook.Query().Where(w).Select(shownOfWebhooks...).All(ctx)
}

// OrganizationWebhooks loads, by organisation, the addresses that are told of its changes, oldest first.
func (l *Loaders) OrganizationWebhooks() *Edge[int64, []*ent.Webhook] {
	return edge(l, "Organization.webhooks", many[*ent.Webhook], func(ctx context.Context, ids []int64) (map[int64][]*ent.Webhook, error) {
		reader, err := l.Reader()
		if err != nil {
			return nil, err
		}
		rows, err := l.webhooks(ctx, func(s *sql.Selector) {
			s.Where(store.In(s.C(webhook.FieldOrganizationID), ids)).Where(reader.Webhooks(sql.Dialect(s.Dialect()), s.C))
			s.OrderBy(s.C(webhook.FieldID))
		})
		return grouped(rows, func(w *ent.Webhook) int64 { return w.OrganizationID }), err
	})
}
