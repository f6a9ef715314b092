package app

import (
	"context"
	"fmt"

	"stackyard/ent"
	"stackyard/ent/review"
	"stackyard/internal/auth"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// What the contract says of reviews.
const (
	leastRating        = 1
	mostRating         = 5
	mostBody           = 5000
	mostModerationNote = 1000
)

// CreateReview rates a technology, once for each user.
func (a *App) CreateReview(ctx context.Context, by Caller, in CreateReviewInput) (relay.ID, error) {
	return a.run(ctx, by, "createReview", func(ctx context.Context, w *work) (relay.ID, error) {
		t, err := w.technology(ctx, in.TechnologyID)
		if err != nil {
			return relay.ID{}, err
		}
		var f faults
		f.rating(in.Rating)
		body := f.prose(at("body"), in.Body, mostBody)
		hasOne, err := w.Review.Query().Where(review.TechnologyID(t.ID), review.AuthorID(w.user)).Exist(ctx)
		if err != nil {
			return relay.ID{}, fmt.Errorf("looking for an earlier review: %w", err)
		}
		if hasOne {
			f.add(at("technologyId"), enum.InputTaken, "you have reviewed it already: change that review")
		}
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		r, err := w.Review.Create().SetTechnologyID(t.ID).SetAuthorID(w.user).SetRating(in.Rating).SetNillableBody(body).
			SetCreatedAt(w.now).SetUpdatedAt(w.now).Save(ctx)
		if err != nil {
			return relay.ID{}, err
		}
		return r.GlobalID(), store.Rate(ctx, w.Tx, t.ID)
	})
}

// UpdateReview changes the caller's own review.
func (a *App) UpdateReview(ctx context.Context, by Caller, in UpdateReviewInput) (relay.ID, error) {
	return a.run(ctx, by, "updateReview", func(ctx context.Context, w *work) (relay.ID, error) {
		r, err := w.ownReview(ctx, in.ReviewID)
		if err != nil {
			return relay.ID{}, err
		}
		var f faults
		f.revision(in.ExpectedRevision, r.Revision)
		rating, body := r.Rating, r.Body
		if v, isSet := in.Rating.ValueOK(); isSet && v == nil {
			f.add(at("rating"), enum.InputRequired, "it is missing")
		} else if isSet {
			rating = *v
			f.rating(rating)
		}
		if in.Body.IsSet() {
			body = f.prose(at("body"), in.Body.Value(), mostBody)
		}
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		if rating == r.Rating && same(body, r.Body) {
			return r.GlobalID(), nil
		}
		update := r.Update().SetRating(rating).AddRevision(1).SetUpdatedAt(w.now)
		setSome(body, update.Mutation().SetBody, update.Mutation().ClearBody)
		if err := update.Exec(ctx); err != nil {
			return relay.ID{}, err
		}
		return r.GlobalID(), store.Rate(ctx, w.Tx, r.TechnologyID)
	})
}

// DeleteReview takes the caller's own review back. One that a moderator has hidden
// stays, since its author could write it anew and be seen again; moderators may
// delete theirs.
func (a *App) DeleteReview(ctx context.Context, by Caller, in DeleteReviewInput) (relay.ID, error) {
	return a.run(ctx, by, "deleteReview", func(ctx context.Context, w *work) (relay.ID, error) {
		r, err := w.ownReview(ctx, in.ReviewID)
		if err != nil {
			return relay.ID{}, err
		}
		if r.IsHidden && !w.reader.IsModerator {
			return relay.ID{}, wrong("reviewId", enum.InputNotAllowed, "a moderator has hidden it: it can be changed, but not deleted")
		}
		if err := w.Review.DeleteOne(r).Exec(ctx); err != nil {
			return relay.ID{}, err
		}
		return r.GlobalID(), store.Rate(ctx, w.Tx, r.TechnologyID)
	})
}

// ModerateReview hides a review from the public, or shows it again. A note alone
// is for moderators, and changes nothing that others see.
func (a *App) ModerateReview(ctx context.Context, by Caller, in ModerateReviewInput) (relay.ID, error) {
	return a.runWith(ctx, by, auth.ScopeReviewsModerate, "moderateReview", func(ctx context.Context, w *work) (relay.ID, error) {
		r, err := w.review(ctx, in.ReviewID)
		if err != nil {
			return relay.ID{}, err
		}
		var f faults
		note := r.ModerationNote
		if in.Note.IsSet() {
			note = f.prose(at("note"), in.Note.Value(), mostModerationNote)
		}
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		update := r.Update().SetIsHidden(in.Hidden)
		setSome(note, update.Mutation().SetModerationNote, update.Mutation().ClearModerationNote)
		if in.Hidden != r.IsHidden {
			update.AddRevision(1).SetUpdatedAt(w.now)
		}
		if err := update.Exec(ctx); err != nil {
			return relay.ID{}, err
		}
		return r.GlobalID(), store.Rate(ctx, w.Tx, r.TechnologyID)
	})
}

func (f *faults) rating(points int) {
	if points < leastRating || points > mostRating {
		f.add(at("rating"), enum.InputOutOfRange, "it is from %d to %d", leastRating, mostRating)
	}
}

// ownReview finds a review that the caller wrote.
func (w *work) ownReview(ctx context.Context, id relay.ID) (*ent.Review, error) {
	r, err := w.review(ctx, id)
	if err != nil {
		return nil, err
	}
	if r.AuthorID != w.user {
		return nil, wrong("reviewId", enum.InputNotAllowed, "only its author can change it")
	}
	return r, nil
}

// review finds the review that an input names, and holds its technology until the
// transaction ends: so reviews of one technology change one after the other, and
// its rating knows them all.
func (w *work) review(ctx context.Context, id relay.ID) (*ent.Review, error) {
	const field = "reviewId"
	if id.Type != relay.TypeReview {
		return nil, notFound(field)
	}
	visible := w.Review.Query().Where(review.ID(id.Key), seen(w.reader.Reviews))
	r, err := visible.Clone().Select(review.FieldTechnologyID).Only(ctx)
	if err == nil {
		_, err = w.hold(ctx, r.TechnologyID)
	}
	if err == nil {
		r, err = visible.Only(ctx)
	}
	if ent.IsNotFound(err) {
		return nil, notFound(field)
	}
	if err != nil {
		return nil, fmt.Errorf("finding a review: %w", err)
	}
	return r, nil
}
