package store

import (
	"context"
	"fmt"
	"slices"

	"stackyard/ent"
	"stackyard/ent/review"
	"stackyard/ent/technology"
)

// Rate computes a technology's rating anew from the reviews that everyone sees.
// Whoever writes a review calls it in the same Write, having Locked the
// technology before: otherwise two that write at once each miss the other's review.
func Rate(ctx context.Context, tx *ent.Tx, id int64) error {
	before, err := tx.Technology.Query().Where(technology.ID(id), Locked).
		Select(technology.FieldRatingAverage, technology.FieldRatingDistribution).Only(ctx)
	if err != nil {
		return fmt.Errorf("reading a rating: %w", err)
	}
	distribution, average, err := rated(ctx, tx, id)
	if err != nil {
		return fmt.Errorf("adding up reviews: %w", err)
	}
	if slices.Equal(distribution, before.RatingDistribution) {
		return nil
	}
	update := tx.Technology.UpdateOneID(id).SetRatingDistribution(distribution)
	setSome(average, func(v float64) { update.SetRatingAverage(v) }, func() { update.ClearRatingAverage() })
	if err := update.Exec(ctx); err != nil {
		return fmt.Errorf("rating a technology: %w", err)
	}
	return refreshSortKeys(ctx, tx, recorderOf(ctx).dialect, []int64{id})
}

// rated counts the reviews that everyone sees by their number of points, and
// gives the average; none where there are no reviews.
func rated(ctx context.Context, tx *ent.Tx, technology int64) (distribution []int, average *float64, err error) {
	var counts []struct {
		Rating int `json:"rating"`
		Count  int `json:"count"`
	}
	err = tx.Review.Query().Where(review.TechnologyID(technology), review.IsHidden(false)).
		GroupBy(review.FieldRating).Aggregate(ent.Count()).Scan(ctx, &counts)
	if err != nil {
		return nil, nil, err
	}
	distribution = make([]int, 5)
	points, reviews := 0, 0
	for _, c := range counts {
		distribution[c.Rating-1] = c.Count
		points, reviews = points+c.Rating*c.Count, reviews+c.Count
	}
	if reviews == 0 {
		return distribution, nil, nil
	}
	mean := float64(points) / float64(reviews)
	return distribution, &mean, nil
}
