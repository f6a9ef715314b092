package store_test

import (
	"flag"
	"testing"

	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		_ = checks.Value.Set("15") // each check is several transactions
	}
	storetest.Main(m)
}

func TestMigrationsGiveTheModel(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Empty(t, dialect)
		missing, err := db.Drift(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if missing != "" {
			t.Errorf("the database lacks, after all migrations:\n%s", missing)
		}
	})
}

func TestSecondSeedChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Seeded(t, dialect)
		if n := db.Read().Technology.Query().CountX(t.Context()); n != 291 {
			t.Errorf("the first seed brought %d technologies", n)
		}
		second, err := db.Seed(t.Context(), storetest.Today.AddDate(0, 0, 1))
		if err != nil {
			t.Fatal(err)
		}
		if second != (store.SeedReport{}) {
			t.Errorf("the second seed changed %+v", second)
		}
	})
}
