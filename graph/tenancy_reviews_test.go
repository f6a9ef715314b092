package graph_test

import (
	"slices"

	"stackyard/internal/auth"
	"stackyard/internal/enum"
)

// publish writes to the public log what there was and is to see of a review, and
// what that makes of the technology's rating.
func (w *world) publish(by *modelUser, r *modelReview, wasShown, isShown bool, changed ...string) {
	note := func(op enum.ChangeOperation, of modelNode, fields ...string) {
		w.log = append(w.log, w.change(by, "", op, of, fields))
	}
	switch {
	case !wasShown && isShown:
		note(enum.ChangeCreated, r)
	case wasShown && !isShown:
		note(enum.ChangeDeleted, r)
	case wasShown && changed != nil:
		note(enum.ChangeUpdated, r, changed...)
	}
	if wasShown != isShown || wasShown && slices.Contains(changed, "rating") {
		note(enum.ChangeUpdated, r.of, "rating")
	}
}

func (w *world) createReview(by *modelUser, about modelNode, rating int, body any) step {
	t, _ := about.(*modelTechnology)
	var r *modelReview
	return w.run(modelMutation{
		by: by, name: "createReview", input: map[string]any{"rating": rating, "body": body}, field: "technologyId", about: about,
		object: "review", selection: "{ " + reviewSelection + " }", answer: showIt(&r),
		do: func(*eyes) []modelFault {
			if slices.ContainsFunc(t.reviews, func(r *modelReview) bool { return r.author == by }) {
				return []modelFault{faulty(enum.InputTaken, "technologyId")}
			}
			r = &modelReview{of: t, author: by, facts: facts{"rating": rating, "body": body}, revision: 1, createdAt: w.now, updatedAt: w.now}
			t.reviews = append(t.reviews, r)
			w.add(r)
			w.publish(by, r, false, true)
			return nil
		},
	})
}

func (w *world) updateReview(by *modelUser, about modelNode, input map[string]any) step {
	r, _ := about.(*modelReview)
	return w.run(modelMutation{
		by: by, name: "updateReview", input: input, field: "reviewId", about: about,
		object: "review", selection: "{ " + reviewSelection + " }", answer: showIt(&r),
		do: func(*eyes) []modelFault {
			if r.author != by {
				return []modelFault{faulty(enum.InputNotAllowed, "reviewId")}
			}
			if out := expects(input, r.revision); out != nil {
				return out
			}
			is := merged(r.facts, input)
			if changed := is.changedFrom(r.facts); changed != nil {
				r.facts, r.revision, r.updatedAt = is, r.revision+1, w.now
				w.publish(by, r, !r.isHidden, !r.isHidden, changed...)
			}
			return nil
		},
	})
}

func (w *world) deleteReview(by *modelUser, about modelNode) step {
	r, _ := about.(*modelReview)
	return w.run(modelMutation{
		by: by, name: "deleteReview", input: map[string]any{}, field: "reviewId", about: about, object: "deletedReviewId", answer: itsID(about),
		do: func(e *eyes) []modelFault {
			if r.author != by || r.isHidden && !e.hasScope(auth.ScopeReviewsModerate) {
				return []modelFault{faulty(enum.InputNotAllowed, "reviewId")}
			}
			r.of.reviews = without(r.of.reviews, r)
			w.publish(by, r, !r.isHidden, false)
			return nil
		},
	})
}

func (w *world) moderateReview(by *modelUser, about modelNode, hidden bool, note any) step {
	r, _ := about.(*modelReview)
	return w.run(modelMutation{
		by: by, name: "moderateReview", input: map[string]any{"hidden": hidden, "note": note}, field: "reviewId", about: about,
		scope: auth.ScopeReviewsModerate, object: "review", selection: "{ " + reviewSelection + " }", answer: showIt(&r),
		do: func(*eyes) []modelFault {
			r.note = note
			if r.isHidden != hidden {
				r.isHidden, r.revision, r.updatedAt = hidden, r.revision+1, w.now
				w.publish(by, r, hidden, !hidden)
			}
			return nil
		},
	})
}
