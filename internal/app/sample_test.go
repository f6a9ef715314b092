package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"stackyard/ent/setting"
	"stackyard/internal/app"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// sampled counts what there is of the sample.
func sampled(ctx context.Context, db *store.DB) string {
	r := db.Read()
	return fmt.Sprintf("%d organisations, %d members, %d projects, made: %t", r.Organization.Query().CountX(ctx),
		r.Member.Query().CountX(ctx), r.Project.Query().CountX(ctx), r.Setting.Query().Where(setting.Name("sample")).ExistX(ctx))
}

func TestTheSampleIsMadeAsAWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		ctx, cutOff := context.WithCancel(t.Context())
		projects := 0
		db := storetest.Seeded(t, dialect, storetest.Observing(func(_ context.Context, statement string) {
			if strings.HasPrefix(statement, "INSERT INTO ") && strings.Contains(statement[:25], "projects") {
				if projects++; projects == 3 {
					cutOff()
				}
			}
		}))
		cases := app.New(db, func() time.Time { return storetest.Today }, app.Limits{Organizations: 1, Projects: 4, StackComponents: 10})
		if err := cases.Sample(ctx); err == nil {
			t.Fatal("it was not cut off")
		}
		if got, want := sampled(t.Context(), db), "0 organisations, 0 members, 0 projects, made: false"; got != want {
			t.Errorf("cut off it leaves %s, want %s", got, want)
		}
		for _, what := range []string{"the next start", "and the one after it"} {
			if err := cases.Sample(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, want := sampled(t.Context(), db), "1 organisations, 4 members, 4 projects, made: true"; got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
	})
}

func TestThereIsNoSampleWhereSomebodyHasAnAcme(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Seeded(t, dialect)
		write(t, db)
		cases := app.New(db, func() time.Time { return storetest.Today }, app.Limits{Organizations: 1, Projects: 4, StackComponents: 10})
		if err := cases.Sample(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, want := sampled(t.Context(), db), "1 organisations, 4 members, 1 projects, made: true"; got != want {
			t.Errorf("there is %s, want %s", got, want)
		}
	})
}
