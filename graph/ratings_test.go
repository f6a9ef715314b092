package graph_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"stackyard/internal/auth"
	"stackyard/internal/store"
)

// written is a review as the model has it.
type written struct {
	id       string
	rating   int
	isHidden bool
}

// shownRating is what a rating has to be, in the words of ratingOf.
func shownRating(reviews map[string]*written) string {
	counts, points, n := [5]int{}, 0, 0
	for _, r := range reviews {
		if !r.isHidden {
			counts[r.rating-1]++
			points, n = points+r.rating, n+1
		}
	}
	average := any("null")
	if n > 0 {
		average = float64(points) / float64(n)
	}
	return fmt.Sprint(average, " ", n, " ", counts[0], " ", counts[1], " ", counts[2], " ", counts[3], " ", counts[4])
}

func TestARatingIsThatOfTheReviewsThatAreShownWhateverHappenedToThem(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		random, id := rand.New(rand.NewPCG(1, 2)), a.idOf("nodejs")
		mo, reviews := a.as(named("mo", auth.ScopeReviewsModerate)), map[string]*written{}
		for range 80 {
			name, rating := fmt.Sprint("user", random.IntN(5)), 1+random.IntN(5)
			by, r := a.as(named(name)), reviews[name]
			what := random.IntN(4)
			switch {
			case r == nil:
				reviews[name] = &written{id: by.does("createReview", input{"technologyId": id, "rating": rating}), rating: rating}
			case what == 0:
				by.does("updateReview", input{"reviewId": r.id, "rating": rating, "body": fmt.Sprint(rating)})
				r.rating = rating
			case what == 1 && r.isHidden:
				if got := by.rejects("deleteReview", input{"reviewId": r.id}); got != "NOT_ALLOWED input.reviewId" {
					t.Fatalf("%s deletes a hidden review: %s", name, got)
				}
			case what == 1:
				by.does("deleteReview", input{"reviewId": r.id})
				delete(reviews, name)
			default:
				r.isHidden = !r.isHidden
				mo.does("moderateReview", input{"reviewId": r.id, "hidden": r.isHidden})
			}
			if got, want := a.ratingOf("nodejs"), shownRating(reviews); got != want {
				t.Fatalf("%d by %s: the rating is %s, want %s", what, name, got, want)
			}
		}
	})
}
