//go:build sqlite_fts5

package store

// hasFTS5 says whether SQLite was compiled with full-text search.
const hasFTS5 = true
