package graph_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"stackyard/ent/migrate"
	"stackyard/internal/app"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

func onEachHooked(t *testing.T, test func(t *testing.T, h hooked), change ...func(*app.Webhooks)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, dialect string) {
		test(t, hook(t, seeded(t, dialect), change...))
	})
}

// everything writes all rows of all tables, bytes in hexadecimal digits.
func everything(t *testing.T, db *store.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range migrate.Tables {
		rows, err := db.Read().QueryContext(t.Context(), "SELECT * FROM "+table.Name)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(places...); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				if bytes, isBytes := v.([]byte); isBytes {
					b.WriteString(hex.EncodeToString(bytes) + " " + string(bytes))
				}
				fmt.Fprintln(&b, v)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		_ = rows.Close()
	}
	return b.String()
}

func TestASecretIsShownOnceAndEncryptedWhereItIsKept(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		const create = `mutation($in: CreateWebhookInput!) {
			it: createWebhook(input: $in) @idempotent(key: "k") { secret webhook { id url subjectTypes isHealthy lastDeliveredAt lastError nextAttemptAt missedCount } userErrors { code } }
		}`
		in := map[string]any{"in": input{"organizationId": h.organization, "url": "https://example.org/hook", "subjectTypes": []string{"PROJECT", "FINDING"}}}
		var first, again struct {
			It struct {
				Secret  *string
				Webhook map[string]any
			}
		}
		h.data(create, in, &first)
		if first.It.Secret == nil || strings.Join(scalars(first.It.Webhook), " ") !=
			first.It.Webhook["id"].(string)+" true null null 0 null PROJECT FINDING https://example.org/hook" {
			t.Fatalf("%+v", first)
		}
		encoded, hasPrefix := strings.CutPrefix(*first.It.Secret, "whsec_")
		secret, err := base64.StdEncoding.DecodeString(encoded)
		if !hasPrefix || err != nil || len(secret) != 32 {
			t.Fatalf("%q", *first.It.Secret)
		}
		h.data(create, in, &again)
		if again.It.Secret != nil || again.It.Webhook["id"] != first.It.Webhook["id"] {
			t.Errorf("the second time: %+v", again)
		}
		kept := everything(t, h.db)
		if !strings.Contains(kept, "https://example.org/hook") {
			t.Fatal("not everything was read")
		}
		for _, form := range []string{encoded, hex.EncodeToString(secret), hex.EncodeToString([]byte(encoded)), string(secret), fmt.Sprint(secret)} {
			if strings.Contains(kept, form) {
				t.Errorf("the database has the secret as %q", form)
			}
		}
		if log := h.log.String(); strings.Contains(log, encoded) {
			t.Error("the log has the secret")
		}
		if got := h.changes(h.organization); got[len(got)-1] != "WEBHOOK CREATED by ada" {
			t.Errorf("the log: %q", got)
		}
	})
}

func TestWebhooksThatAreRefused(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		twice := []string{"PROJECT", "PROJECT"}
		for _, c := range []struct {
			url   string
			types []string
			want  string
		}{
			{" ", []string{}, "REQUIRED input.url, REQUIRED input.subjectTypes"},
			{"example.org", twice, "INVALID input.url, INVALID input.subjectTypes"},
			{"https://example.org/" + strings.Repeat("a", 2000), []string{"TECHNOLOGY"}, "TOO_LONG input.url, INVALID input.subjectTypes"},
			{"https://ada@example.org", []string{"REVIEW", "PROJECT", "SOURCE"}, "INVALID input.url, INVALID input.subjectTypes, INVALID input.subjectTypes"},
			{"https://example.org/#x", []string{"USER"}, "INVALID input.url"},
		} {
			if got := h.rejects("createWebhook", input{"organizationId": h.organization, "url": c.url, "subjectTypes": c.types}); got != c.want {
				t.Errorf("%s %v: %s", c.url, c.types, got)
			}
		}
		all := []enum.ChangeSubjectType{"USER", "ORGANIZATION", "MEMBER", "PROJECT", "STACK_COMPONENT", "FINDING", "WEBHOOK"}
		for range 5 {
			h.subscribe("https://example.org", all...)
		}
		if got := h.rejects("createWebhook", input{"organizationId": h.organization, "url": "https://example.org", "subjectTypes": all}); got != "LIMIT_REACHED input.organizationId" {
			t.Errorf("one more: %s", got)
		}
	})
	storetest.Each(t, func(t *testing.T, dialect string) {
		h := hook(t, seeded(t, dialect), func(w *app.Webhooks) { w.AllowPrivate = false })
		for _, url := range []string{"https://127.0.0.1", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]", "https://0x7f.1", "https://localhost:8080", "http://example.org"} {
			if got := h.rejects("createWebhook", input{"organizationId": h.organization, "url": url, "subjectTypes": []string{"PROJECT"}}); got != "INVALID input.url" {
				t.Errorf("%s: %s", url, got)
			}
		}
	})
}

func TestWithoutASecretKeyThereAreNoWebhooksAndTheySaySo(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to := receive(t, nil)
		id, _ := h.subscribe(to.URL, enum.SubjectProject)
		off := onThisMachine(t)
		off.Keys = nil
		h.cases.DeliverBy(off)
		h.rename("Shop 2")
		h.deliver()
		if got := to.take(); len(got) > 0 {
			t.Errorf("%d messages came", len(got))
		}
		if s := h.state(id); s.IsHealthy || s.LastError == nil || !strings.Contains(*s.LastError, "secret-key") || s.NextAttemptAt != nil {
			t.Errorf("%+v", s)
		}
		in := input{"organizationId": h.organization, "url": "https://example.org", "subjectTypes": []string{"PROJECT"}}
		if got := h.rejects("createWebhook", in); got != "NOT_ALLOWED input" {
			t.Errorf("a new one: %s", got)
		}
		h.cases.DeliverBy(onThisMachine(t))
		h.deliver()
		if got := to.take(); len(got) != 1 || !h.state(id).IsHealthy {
			t.Errorf("with the key again: %d messages", len(got))
		}
		h.cases.DeliverBy(off)
		if got := h.outcome("deleteWebhook", input{"webhookId": id}); got != "done" {
			t.Errorf("deleting one: %s", got)
		}
	})
}

func TestWebhooksAreForOwnersAlone(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		id, _ := h.subscribe("https://example.org/secret-path", enum.SubjectProject)
		globex := tenantOf(t, h.db, "globex", enum.VisibilityPublic)
		for _, who := range []string{"mel", "eve", "vic", "out", ""} {
			a := h.as(nil)
			if who != "" {
				a = h.as(named(who))
			}
			r := a.ask(`query($id: ID!, $organization: ID!) {
				alone: node(id: $id) { id ... on Webhook { url } }
				list: node(id: $organization) { ... on Organization { slug webhooks { id url } } }
			}`, map[string]any{"id": id, "organization": h.organization})
			if text := string(r.Data) + fmt.Sprint(r.Errors); strings.Contains(text, "secret-path") || strings.Contains(string(r.Data), id) || !strings.Contains(string(r.Data), `"alone":null`) {
				t.Errorf("%s: %s", who, text)
			}
			if who == "" {
				continue
			}
			if got := a.outcome("deleteWebhook", input{"webhookId": id}); got != "NOT_FOUND input.webhookId" {
				t.Errorf("%s deletes it: %s", who, got)
			}
			if who != "mel" {
				continue
			}
			for _, line := range a.changes(h.organization) {
				if strings.Contains(line, "WEBHOOK") {
					t.Errorf("%s follows %s", who, line)
				}
			}
		}
		if got := h.outcome("deleteWebhook", input{"webhookId": nobodys(relay.TypeWebhook)}); got != "NOT_FOUND input.webhookId" {
			t.Errorf("one that is not there: %s", got)
		}
		if got := h.outcome("deleteWebhook", input{"webhookId": globex.project}); got != "NOT_FOUND input.webhookId" {
			t.Errorf("a project: %s", got)
		}
		if got := h.outcome("deleteWebhook", input{"webhookId": id}); got != "done" {
			t.Errorf("ada deletes it: %s", got)
		}
		if got := h.changes(h.organization); got[len(got)-1] != "WEBHOOK DELETED by ada" {
			t.Errorf("the log: %q", got)
		}
	})
}

func TestWebhooksOfManyOrganizationsAreOneStatement(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		const document = `{ viewer { organizations { nodes { slug webhooks { id url isHealthy missedCount } } } } }`
		h.subscribe("https://example.org/1", enum.SubjectProject)
		one := h.ask(document, nil)
		for i := range 3 {
			of := tenantOf(t, h.db, "other-"+strconv.Itoa(i), enum.VisibilityPrivate)
			hooked{h.api, of, h.db}.subscribe("https://example.org/2", enum.SubjectProject)
		}
		all := h.ask(document, nil)
		if n := strings.Count(string(all.Data), `"url"`); n != 7 || len(all.Errors) > 0 {
			t.Errorf("%d webhooks: %s %+v", n, all.Data, all.Errors)
		}
		if len(one.statements) != len(all.statements) || strings.Contains(fmt.Sprint(all.late), "webhooks") {
			t.Errorf("%d statements for one organisation, %d for four, and late %q", len(one.statements), len(all.statements), all.late)
		}
	})
}
