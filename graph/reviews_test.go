package graph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/internal/store"
)

// reviewed writes three reviews of Node.js and one of PostgreSQL: Ann's and Bob's
// are shown; Cid's only one is hidden, and so is Ann's of PostgreSQL.
func reviewed(t *testing.T, db *store.DB) (shown, hidden *ent.Review, ann, cid, dora *ent.User) {
	t.Helper()
	write(t, db, func(w rows) {
		nodejs, postgresql := w.technology("nodejs"), w.technology("postgresql")
		ann, cid, dora = w.user("ann"), w.user("cid"), w.user("dora")
		shown = w.review(nodejs, ann, 1, false)
		w.review(nodejs, w.user("bob"), 3, false)
		hidden = w.review(nodejs, cid, 2, true)
		w.review(postgresql, ann, 4, true)
	})
	return shown, hidden, ann, cid, dora
}

func TestHiddenReviewsAreNeitherListedNorCounted(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		reviewed(t, db)
		var got any
		r := a.data(`{
			technologies(filter: { slugs: ["nodejs", "postgresql"] }) {
				nodes { slug reviews { totalCount nodes { body isHidden author { name reviews { totalCount nodes { body technology { slug } } } } } } }
			}
		}`, nil, &got)
		want := `{
			"technologies": { "nodes": [
				{ "slug": "nodejs", "reviews": { "totalCount": 2, "nodes": [
					{ "body": "bob on nodejs", "isHidden": false, "author": { "name": "bob", "reviews": { "totalCount": 1, "nodes": [ { "body": "bob on nodejs", "technology": { "slug": "nodejs" } } ] } } },
					{ "body": "ann on nodejs", "isHidden": false, "author": { "name": "ann", "reviews": { "totalCount": 1, "nodes": [ { "body": "ann on nodejs", "technology": { "slug": "nodejs" } } ] } } }
				] } },
				{ "slug": "postgresql", "reviews": { "totalCount": 0, "nodes": [] } }
			] }
		}`
		if diff := cmp.Diff(parsed(t, want), got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if len(r.statements) != 6 {
			t.Errorf("it took %d statements, want 6: technologies, reviews, their number, users, reviews, their number", len(r.statements))
		}
	})
}

func TestHiddenReviewsAndUsersWithoutAShownOneAreNoNodes(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		shown, hidden, ann, cid, dora := reviewed(t, db)
		ids := map[string]any{
			"shown": shown.GlobalID().String(), "hidden": hidden.GlobalID().String(),
			"ann": ann.GlobalID().String(), "cid": cid.GlobalID().String(), "dora": dora.GlobalID().String(),
		}
		const variables = `query ($shown: ID!, $hidden: ID!, $ann: ID!, $cid: ID!, $dora: ID!) `
		got := a.values(variables+`{
			a: node(id: $shown) { ... on Review { body rating } }
			b: node(id: $hidden) { __typename }
			c: node(id: $ann) { ... on User { name reviews { totalCount } } }
			d: node(id: $cid) { __typename }
			e: node(id: $dora) { __typename }
		}`, ids)
		if want := "ann on nodejs 4 null ann 1 null null"; got != want {
			t.Errorf("node: got %q, want %q", got, want)
		}
		got = a.values(variables+`{ nodes(ids: [$hidden, $shown, $cid, $ann, $dora]) { __typename } }`, ids)
		if want := "null Review null User null"; got != want {
			t.Errorf("nodes: got %q, want %q", got, want)
		}
	})
}

func TestGuardedFieldsOfReviewsAndUsersAreNull(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		reviewed(t, db)
		r := a.ask(`{ technology(slug: "nodejs") { reviews { nodes { rating moderationNote author { name email } } } } }`, nil)
		want := parsed(t, `{ "technology": { "reviews": { "nodes": [
			{ "rating": 4, "moderationNote": null, "author": { "name": "bob", "email": null } },
			{ "rating": 4, "moderationNote": null, "author": { "name": "ann", "email": null } }
		] } } }`)
		if diff := cmp.Diff(want, parsed(t, string(r.Data))); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		var got []any
		for _, e := range r.Errors {
			got = append(got, e.Extensions["code"], e.Extensions["requiredScopes"], e.Extensions["places"])
		}
		wantErrors := parsed(t, `["UNAUTHENTICATED", [["reviews:moderate"]], 2, "UNAUTHENTICATED", [["users:read"]], 2]`)
		if diff := cmp.Diff(wantErrors, any(got)); diff != "" {
			t.Errorf("errors: -want +got:\n%s", diff)
		}
	})
}
