package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"stackyard/ent"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/webhook"
)

// event is what a receiver is told of a change. It has nothing of the object: who wants
// to know asks for it, as somebody who may.
type event struct {
	// Type is such as `stack_component.created`.
	Type string `json:"type"`
	// Timestamp is when it happened.
	Timestamp calendar.Instant `json:"timestamp"`
	Data      eventData        `json:"data"`
}

type eventData struct {
	WebhookID      string                 `json:"webhookId"`
	OrganizationID string                 `json:"organizationId"`
	Operation      enum.ChangeOperation   `json:"operation"`
	SubjectType    enum.ChangeSubjectType `json:"subjectType"`
	SubjectID      string                 `json:"subjectId"`
	// Fields are those that changed; empty on creation and deletion.
	Fields []string `json:"fields"`
	// Cursor is the place of the change in the organisation's log.
	Cursor string `json:"cursor"`
	// Missed is how many changes were given up since the last that arrived.
	Missed int `json:"missed"`
}

// eventOf is what a webhook tells of a change.
func eventOf(db *store.DB, w *ent.Webhook, c *ent.Change) event {
	return event{
		Type:      strings.ToLower(string(c.SubjectType) + "." + string(c.Operation)),
		Timestamp: c.At,
		Data: eventData{
			WebhookID:      w.GlobalID().String(),
			OrganizationID: relay.ID{Type: relay.TypeOrganization, Key: w.OrganizationID}.String(),
			Operation:      c.Operation, SubjectType: c.SubjectType,
			SubjectID: relay.ID{Type: store.TypeOfSubject(c.SubjectType), Key: c.SubjectKey}.String(),
			Fields:    append([]string{}, c.Fields...), Cursor: db.CursorOf(c), Missed: w.MissedCount,
		},
	}
}

// post tells the receiver of a change, once. A *webhook.Failure says why it did not arrive; webhook.ErrSealed, that it was not sent.
func (d *deliveries) post(ctx context.Context, w *ent.Webhook, c *ent.Change) error {
	secret, err := d.webhooks.Keys.Open(w.Secret, bindingOf(w.OrganizationID, w.URL))
	if err != nil {
		return err
	}
	body, err := json.Marshal(eventOf(d.db, w, c))
	if err != nil {
		return fmt.Errorf("writing an event: %w", err)
	}
	id := secret.MessageID(fmt.Sprintf("change %d at %d", c.Sequence, c.At))
	return d.sender.Send(ctx, w.URL, secret, webhook.Message{ID: id, At: d.now(), Body: body})
}
