package store_test

import (
	"context"
	"strings"
	"testing"

	"stackyard/ent"
	"stackyard/ent/setting"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

func TestCursorsGoWithTheDatabase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		address := storetest.Address(t, dialect)
		one, two := storetest.Open(t, address), storetest.Open(t, address)
		place := []any{int64(7), []byte("name")}
		cursor := one.Cursors("list").Encode(place)
		if again := two.Cursors("list").Encode(place); again != cursor {
			t.Errorf("one process gives %q, another %q", cursor, again)
		}
		if err := one.Close(); err != nil {
			t.Fatal(err)
		}
		if v, err := storetest.Open(t, address).Cursors("list").Decode(cursor, 2); err != nil || v[0] != int64(7) {
			t.Errorf("after a restart it is %v, %v", v, err)
		}
		other := storetest.Open(t, storetest.Address(t, dialect))
		if v, err := other.Cursors("list").Decode(cursor, 2); err == nil {
			t.Errorf("another database takes it for %v", v)
		}
	})
}

func TestAKeyThatIsNoneIsRefusedByItsName(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Empty(t, dialect)
		for _, value := range []string{"", "AAAA", "no base64"} {
			err := db.Write(t.Context(), store.Cause{}, func(ctx context.Context, tx *ent.Tx) error {
				return tx.Setting.Update().Where(setting.Name("seal key")).SetValue(value).Exec(ctx)
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), `"seal key"`) {
				t.Errorf("%q: %v", value, err)
			}
		}
	})
}
