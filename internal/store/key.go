package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"stackyard/ent"
	"stackyard/ent/setting"
	"stackyard/internal/relay"
)

// settingKey is the setting with the key that cursors are sealed with. It stands in
// the database, so that cursors go with it, whichever process gives or takes them.
const settingKey = "seal key"

// Cursors gives the cursors of a list, whose name holds whatever decides its order
// and members. The database must be migrated.
func (db *DB) Cursors(list string) *relay.Cursors { return db.seal.Cursors(list) }

// readKey reads the key of the database's cursors, and makes it where there is none.
func (db *DB) readKey(ctx context.Context) error {
	text := ""
	err := db.Write(ctx, Cause{At: time.Now()}, func(ctx context.Context, tx *ent.Tx) error {
		row, err := tx.Setting.Query().Where(setting.Name(settingKey)).Only(ctx)
		if err == nil {
			text = row.Value
		}
		if !ent.IsNotFound(err) {
			return err
		}
		key := make([]byte, relay.KeyBytes)
		_, _ = rand.Read(key) // never fails
		text = base64.StdEncoding.EncodeToString(key)
		return tx.Setting.Create().SetName(settingKey).SetValue(text).Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("reading the key of cursors: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err == nil {
		db.seal, err = relay.NewSeal(key)
	}
	if err != nil {
		return fmt.Errorf("the setting %q: %w", settingKey, err)
	}
	return nil
}
