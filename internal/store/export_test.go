package store

// ForgetFacts has the next call of Facts read everything anew.
func (db *DB) ForgetFacts() { db.facts.newest.Store(nil) }
