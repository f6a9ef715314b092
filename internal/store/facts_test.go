package store_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/advisory"
	"stackyard/ent/releasecycle"
	"stackyard/ent/technology"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// Each step is a change of the catalogue by another process; what was kept in memory must be what is read anew.
func TestFactsAreThoseOfTheCatalogueWheneverItChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dialect string) {
		address := storetest.SeededAddress(t, dialect)
		statements := 0
		db := storetest.Open(t, address, storetest.Observing(func(context.Context, string) { statements++ }))
		writer := storetest.Open(t, address)
		if _, err := db.Facts(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			name string
			// statements is how many it takes to find out: 1 where nothing changed, a
			// few for a technology, and the same for all.
			statements int
			change     func(ctx context.Context, tx *ent.Tx) error
		}{
			{"nothing", 1, func(context.Context, *ent.Tx) error { return nil }},
			{"a mistake's words", 3, func(ctx context.Context, tx *ent.Tx) error {
				return tx.Mistake.Update().SetExplanation("Another explanation.").Exec(ctx)
			}},
			{"a rating", 18, func(ctx context.Context, tx *ent.Tx) error {
				return tx.Technology.Update().Where(technology.Slug("nodejs")).SetRatingAverage(4).SetRatingDistribution([]int{0, 0, 0, 2, 0}).Exec(ctx)
			}},
			{"a name", 18, func(ctx context.Context, tx *ent.Tx) error {
				return tx.Technology.Update().Where(technology.Slug("deno")).SetName("Deno!").Exec(ctx)
			}},
			{"an end of life", 18, func(ctx context.Context, tx *ent.Tx) error {
				return tx.ReleaseCycle.Update().Where(releasecycle.Name("22")).SetEndOfLifeOn(20_000).Exec(ctx)
			}},
			{"an advisory that goes", 18, func(ctx context.Context, tx *ent.Tx) error {
				id, err := tx.Advisory.Query().Order(ent.Asc(advisory.FieldID)).FirstID(ctx)
				if err != nil {
					return err
				}
				return tx.Advisory.DeleteOneID(id).Exec(ctx)
			}},
		} {
			if err := writer.Write(t.Context(), store.Cause{At: storetest.Today}, step.change); err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			statements = 0
			kept, err := db.Facts(t.Context())
			if err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			if statements != step.statements {
				t.Errorf("%s: %d statements, not %d", step.name, statements, step.statements)
			}
			anew, err := storetest.Open(t, address).Facts(t.Context())
			if err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			if diff := cmp.Diff(anew, kept); diff != "" {
				t.Errorf("%s (-anew +kept):\n%s", step.name, diff)
			}
			if len(kept.Technologies) < 200 || len(kept.Technologies) != len(anew.Technologies) {
				t.Errorf("%s: %d technologies", step.name, len(kept.Technologies))
			}
		}
	})
}

func BenchmarkFacts(b *testing.B) {
	for _, dialect := range storetest.Dialects {
		db := storetest.Seeded(b, dialect)
		b.Run(dialect+"/kept", func(b *testing.B) {
			for b.Loop() {
				if _, err := db.Facts(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(dialect+"/anew", func(b *testing.B) {
			for b.Loop() {
				db.ForgetFacts()
				if _, err := db.Facts(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
