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
		_ = checks.Value.Set("30") // each check is several transactions
	}
	storetest.Main(m)
}

func TestMigrationsGiveTheModel(t *testing.T) {
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
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Empty(t, dialect)
		first, err := db.Seed(t.Context(), storetest.Today)
		if err != nil {
			t.Fatal(err)
		}
		if first.Created < 3000 {
			t.Errorf("created %d records", first.Created)
		}
		second, err := db.Seed(t.Context(), storetest.Today)
		if err != nil {
			t.Fatal(err)
		}
		if second != (store.SeedReport{}) {
			t.Errorf("the second seed changed %+v", second)
		}
	})
}
