package store

import "context"

// ForgetFacts has the next call of Facts read everything anew.
func (db *DB) ForgetFacts() { db.facts.newest.Store(nil) }

// Look looks at once how far the logs have come that somebody waits for.
func (db *DB) Look(ctx context.Context) error { return db.lookOnce(ctx) }
