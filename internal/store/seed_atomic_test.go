package store_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/catalog"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// broken are files whose very last record cannot be written: it is there twice.
func broken() *catalog.Catalog {
	return changed(func(f *catalog.Catalog) {
		f.Technologies[0].Summary = "Never seen"
		f.Integrations = append(f.Integrations, catalog.Integration{From: "beta", ToTechnology: "gamma", Area: "DATA", Support: "NATIVE"},
			catalog.Integration{From: "beta", ToTechnology: "gamma", Area: "DATA", Support: "PLUGIN"})
	})
}

func TestASeedThatFailsLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := &yard{DB: storetest.Empty(t, dialect), t: t}
		empty := y.contents()
		if report, err := y.SeedFrom(t.Context(), broken(), "broken", first); err == nil || report != (store.SeedReport{}) {
			t.Errorf("%+v, %v", report, err)
		}
		if diff := cmp.Diff(empty, y.contents()); diff != "" {
			t.Errorf("left in an empty database:\n%s", diff)
		}
		y.seed(files(), first)
		before := y.contents()
		if _, err := y.SeedFrom(t.Context(), broken(), "broken", later); err == nil {
			t.Error("the broken files were seeded")
		}
		if diff := cmp.Diff(before, y.contents()); diff != "" {
			t.Errorf("left by an upgrade (-before +after):\n%s", diff)
		}
	})
}

func TestASeedThatIsCancelledLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		var statements, last int
		var cancel context.CancelFunc
		y := &yard{t: t, DB: storetest.Empty(t, dialect, storetest.Observing(func(context.Context, string) {
			if statements++; statements == last {
				cancel()
			}
		}))}
		before := y.contents()
		for _, last = range []int{1, 5, 20, 60} {
			var ctx context.Context
			ctx, cancel = context.WithCancel(t.Context())
			statements = 0
			if _, err := y.SeedFrom(ctx, files(), "digest", first); err == nil {
				t.Fatalf("seeding went on after it was cancelled at statement %d", last)
			}
			cancel()
			if diff := cmp.Diff(before, y.contents()); diff != "" {
				t.Errorf("left when cancelled at statement %d (-before +after):\n%s", last, diff)
			}
		}
		y.seed(files(), first)
	})
}

func TestTwoProcessesThatSeedAtOnceLeaveOneCopy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		address := storetest.Address(t, dialect)
		reports := make([]store.SeedReport, 3)
		var dbs []*store.DB
		for range reports {
			db, err := store.Open(t.Context(), store.Config{Database: address})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			dbs = append(dbs, db)
		}
		var wg sync.WaitGroup
		for i, db := range dbs {
			if dialect == "sqlite" && i > 0 {
				continue // several processes are for PostgreSQL, whose lock lets them in one by one
			}
			wg.Go(func() {
				if err := db.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i, db := range dbs {
			wg.Go(func() {
				var err error
				if reports[i], err = db.SeedFrom(t.Context(), files(), "digest", first); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		seeders := 0
		for _, r := range reports {
			if r != (store.SeedReport{}) {
				seeders++
			}
		}
		if seeders != 1 {
			t.Errorf("%d of %d processes seeded: %+v", seeders, len(reports), reports)
		}
		y := &yard{DB: dbs[0], t: t}
		got := y.facts()
		if diff := cmp.Diff(y.freshly(files(), first), got); diff != "" {
			t.Errorf("(-one process +several):\n%s", diff)
		}
	})
}
