package graph_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"stackyard/internal/auth"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// idOf gives the global id of a technology.
func (a *api) idOf(slug string) string {
	a.t.Helper()
	return a.values(`query($slug: String!) { technology(slug: $slug) { id } }`, map[string]any{"slug": slug})
}

// ratingOf gives the average, the number and the distribution of a technology's ratings.
func (a *api) ratingOf(slug string) string {
	a.t.Helper()
	return a.values(`query($slug: String!) { technology(slug: $slug) { rating { average count distribution } } }`, map[string]any{"slug": slug})
}

const shownReview = "review { body isHidden rating revision author { name } technology { rating { average } } }"

func TestAReviewIsWrittenChangedAndTakenBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		ann, bob, nodejs := a.as(named("ann")), a.as(named("bob")), a.idOf("nodejs")
		var annsID, bobsID string
		a.logs("a review", func() {
			annsID = ann.did("createReview", "review { id }", input{"technologyId": nodejs, "rating": 5, "body": " Good\r\nand fast \n"})
		}, "CREATED REVIEW Good\nand fast", "UPDATED TECHNOLOGY nodejs rating")
		if got := a.ratingOf("nodejs"); got != "5 1 0 0 0 0 1" {
			t.Errorf("one review gives %s", got)
		}
		a.logs("a rating without words", func() {
			bobsID = bob.does("createReview", input{"technologyId": nodejs, "rating": 2, "body": "\t"})
		}, "CREATED REVIEW", "UPDATED TECHNOLOGY nodejs rating")
		if got := a.ratingOf("nodejs"); got != "3.5 2 0 1 0 0 1" {
			t.Errorf("two reviews give %s", got)
		}
		a.clock.advance(time.Minute)
		a.logs("words alone", func() {
			got := bob.did("updateReview", shownReview, input{"reviewId": bobsID, "expectedRevision": 1, "body": "So so"})
			if want := "bob So so false 2 2 3.5"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}, "UPDATED REVIEW So so body")
		a.logs("points alone", func() {
			bob.does("updateReview", input{"reviewId": bobsID, "rating": 4})
		}, "UPDATED REVIEW So so rating", "UPDATED TECHNOLOGY nodejs rating")
		a.logs("nothing", func() {
			got := bob.did("updateReview", "review { body rating revision }", input{"reviewId": bobsID, "rating": 4, "body": "So so"})
			if want := "So so 4 3"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
		a.logs("words that are taken back", func() { bob.does("updateReview", input{"reviewId": bobsID, "body": nil}) }, "UPDATED REVIEW body")
		a.logs("a review that is taken back", func() {
			if got := ann.does("deleteReview", input{"reviewId": annsID}); got != annsID {
				t.Errorf("got %s", got)
			}
		}, "DELETED REVIEW", "UPDATED TECHNOLOGY nodejs rating")
		if got := a.ratingOf("nodejs"); got != "4 1 0 0 0 1 0" {
			t.Errorf("the review that is left gives %s", got)
		}
		bob.does("deleteReview", input{"reviewId": bobsID})
		if got := a.ratingOf("nodejs"); got != "null 0 0 0 0 0 0" {
			t.Errorf("no reviews give %s", got)
		}
		if got := a.values(`{ technology(slug: "nodejs") { revision } }`, nil); got != "1" {
			t.Errorf("reviews made it revision %s", got)
		}
	})
}

func TestFaultsOfReviews(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		shown, hidden, _, _, _ := reviewed(t, db)
		ann, bob, cid := a.as(named("ann")), a.as(named("bob")), a.as(named("cid"))
		own, others, hiddenID := shown.GlobalID().String(), shown.GlobalID().String(), hidden.GlobalID().String()
		nodejs, redis := a.idOf("nodejs"), a.idOf("redis")
		const most = 5000
		for _, c := range []struct {
			by       *api
			mutation string
			in       input
			want     string
		}{
			{ann, "createReview", input{"technologyId": nodejs, "rating": 5}, "TAKEN input.technologyId"},
			{cid, "createReview", input{"technologyId": nodejs, "rating": 0}, "OUT_OF_RANGE input.rating, TAKEN input.technologyId"},
			{ann, "createReview", input{"technologyId": redis, "rating": 6}, "OUT_OF_RANGE input.rating"},
			{ann, "createReview", input{"technologyId": redis, "rating": 1, "body": strings.Repeat("é", most+1)}, "TOO_LONG input.body"},
			{ann, "createReview", input{"technologyId": redis, "rating": -1, "body": "a\u0000"}, "OUT_OF_RANGE input.rating, INVALID input.body"},
			{ann, "createReview", input{"technologyId": nobodys(relay.TypeTechnology), "rating": 1}, "NOT_FOUND input.technologyId"},
			{ann, "createReview", input{"technologyId": own, "rating": 1}, "NOT_FOUND input.technologyId"},
			{ann, "updateReview", input{"reviewId": own, "rating": nil, "body": offText}, "REQUIRED input.rating, INVALID input.body"},
			{ann, "updateReview", input{"reviewId": own, "rating": 6}, "OUT_OF_RANGE input.rating"},
			{ann, "updateReview", input{"reviewId": own, "rating": 3, "expectedRevision": 2}, "CONFLICT input.expectedRevision"},
			{bob, "updateReview", input{"reviewId": others, "rating": 3}, "NOT_ALLOWED input.reviewId"},
			{bob, "deleteReview", input{"reviewId": others}, "NOT_ALLOWED input.reviewId"},
			{a.as(named("mo", auth.ScopeReviewsModerate)), "deleteReview", input{"reviewId": hiddenID}, "NOT_ALLOWED input.reviewId"},
			{bob, "updateReview", input{"reviewId": hiddenID, "rating": 3}, "NOT_FOUND input.reviewId"},
			{bob, "deleteReview", input{"reviewId": hiddenID}, "NOT_FOUND input.reviewId"},
			{bob, "deleteReview", input{"reviewId": nobodys(relay.TypeReview)}, "NOT_FOUND input.reviewId"},
			{bob, "deleteReview", input{"reviewId": nodejs}, "NOT_FOUND input.reviewId"},
			{a.as(named("mo", auth.ScopeReviewsModerate)), "moderateReview", input{"reviewId": nobodys(relay.TypeReview), "hidden": true}, "NOT_FOUND input.reviewId"},
			{a.as(named("mo", auth.ScopeReviewsModerate)), "moderateReview", input{"reviewId": own, "hidden": true, "note": strings.Repeat("n", 1001)}, "TOO_LONG input.note"},
		} {
			a.logs(c.mutation, func() {
				if got := c.by.rejects(c.mutation, c.in); got != c.want {
					t.Errorf("%s of %.80v: %s, want %s", c.mutation, fmt.Sprint(c.in), got, c.want)
				}
			})
		}
		ann.does("createReview", input{"technologyId": redis, "rating": 1, "body": strings.Repeat("é", most)})
		if got := ann.outcome("moderateReview", input{"reviewId": own, "hidden": true}); got != "FORBIDDEN" {
			t.Errorf("moderating without the scope: %s", got)
		}
		if got := a.outcome("createReview", input{"technologyId": redis, "rating": 1}); got != "UNAUTHENTICATED" {
			t.Errorf("without a token: %s", got)
		}
	})
}

func TestAHiddenReviewIsGoneForAllButItsAuthorAndModerators(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		ann, bob, mo, nodejs := a.as(named("ann")), a.as(named("bob")), a.as(named("mo", auth.ScopeReviewsModerate)), a.idOf("nodejs")
		anns := ann.does("createReview", input{"technologyId": nodejs, "rating": 1, "body": "Rude"})
		bob.does("createReview", input{"technologyId": nodejs, "rating": 4})
		a.logs("a note alone", func() {
			got := mo.did("moderateReview", "review { isHidden moderationNote revision }", input{"reviewId": anns, "hidden": false, "note": " Watch this "})
			if want := "false Watch this 1"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
		a.logs("hiding", func() {
			got := mo.did("moderateReview", "review { isHidden moderationNote revision }", input{"reviewId": anns, "hidden": true})
			if want := "true Watch this 2"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}, "DELETED REVIEW", "UPDATED TECHNOLOGY nodejs rating")
		if got := a.ratingOf("nodejs"); got != "4 1 0 0 0 1 0" {
			t.Errorf("the rating without it is %s", got)
		}
		const see = `query($id: ID!) { node(id: $id) { ... on Review { body isHidden } } technology(slug: "nodejs") { reviews { totalCount } } }`
		for _, c := range []struct {
			by   *api
			want string
		}{{a, "null 1"}, {bob, "null 1"}, {ann, "Rude true 2"}, {mo, "Rude true 2"}} {
			if got := c.by.values(see, map[string]any{"id": anns}); got != c.want {
				t.Errorf("%v sees %s, want %s", c.by.viewer, got, c.want)
			}
		}
		a.logs("what happens to it while it is hidden", func() {
			if got := ann.did("updateReview", "review { isHidden }", input{"reviewId": anns, "rating": 2, "body": "Sorry"}); got != "true" {
				t.Errorf("its author's change leaves it hidden: %s", got)
			}
			_, faults, r := ann.mutate("deleteReview", "deletedReviewId", input{"reviewId": anns})
			if got := strings.Join(faults, ", "); got != "NOT_ALLOWED input.reviewId" || !strings.Contains(string(r.Data), "a moderator has hidden it") {
				t.Errorf("its author deletes it: %s", r.Data)
			}
			mo.does("moderateReview", input{"reviewId": anns, "hidden": true, "note": nil})
		})
		if got := ann.rejects("createReview", input{"technologyId": nodejs, "rating": 5}); got != "TAKEN input.technologyId" {
			t.Errorf("a second review beside the hidden one: %s", got)
		}
		a.logs("showing it again", func() {
			got := mo.did("moderateReview", "review { isHidden moderationNote revision }", input{"reviewId": anns, "hidden": false})
			if want := "false null 4"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}, "CREATED REVIEW Sorry", "UPDATED TECHNOLOGY nodejs rating")
		if got := a.ratingOf("nodejs"); got != "3 2 0 1 0 1 0" {
			t.Errorf("the rating with it is %s", got)
		}
		mos := mo.does("createReview", input{"technologyId": nodejs, "rating": 3})
		mo.does("moderateReview", input{"reviewId": mos, "hidden": true})
		if got := mo.does("deleteReview", input{"reviewId": mos}); got != mos {
			t.Errorf("a moderator deletes a hidden review of theirs: %s", got)
		}
	})
}

func TestReviewsAtOnceAreAllInTheRating(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		nodejs := a.idOf("nodejs")
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				by := a.as(named(fmt.Sprint("user", i)))
				if got := by.outcome("createReview", input{"technologyId": nodejs, "rating": 1 + i%5}); got != "done" {
					t.Errorf("user %d: %s", i, got)
				}
			})
		}
		all.Wait()
		if got := a.ratingOf("nodejs"); got != "2.625 8 2 2 2 1 1" {
			t.Errorf("the rating is %s", got)
		}
	})
}

func TestListsAreOrderedByTheNewRating(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		const lists = `{
			technologies(first: 2, orderBy: { field: RATING, direction: DESC }) { nodes { slug } }
			category(slug: "databases") { technologies(first: 2, orderBy: { field: RATING, direction: DESC }) { nodes { slug } } }
			useCase(slug: "enterprise-high-traffic") { technologies(first: 2) { nodes { slug } } }
			good: technologies(filter: { minRating: 4 }) { totalCount }
		}`
		for i, slug := range []string{"postgresql", "mongodb"} {
			a.as(named("ann")).does("createReview", input{"technologyId": a.idOf(slug), "rating": 4 + i})
		}
		got := a.values(lists, nil)
		if want := "mongodb postgresql 2 mongodb postgresql mongodb postgresql"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		a.as(named("bob")).does("createReview", input{"technologyId": a.idOf("mongodb"), "rating": 1})
		got = a.values(lists, nil)
		if want := "postgresql mongodb 1 postgresql mongodb postgresql mongodb"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}
