package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/setting"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
)

// seedLock keeps two instances from seeding one PostgreSQL database at once.
const seedLock = 0x5ac4a2d

// Settings that say what was seeded last.
const (
	settingCatalog = "catalog"     // the digest of the files, and the version of what is derived from them
	settingDay     = "catalog_day" // the newest day of the files' facts
)

// SeedReport says what the embedded catalogue changed.
type SeedReport struct {
	Created int
	Updated int
	Removed int
	// Kept counts records that the files would change or remove, but that a newer
	// day, a person's edit, a deletion or somebody's dependence keeps as they are.
	Kept int
	// Confirmed counts records that say the same as before, of a newer day.
	Confirmed int
	// IsOlder is true where newer files were seeded before: nothing was changed.
	IsOlder bool
}

// Seed brings the embedded catalogue into the database. The same files a second
// time change nothing, nor do files that are older than what was seeded before.
// Newer files bring what they changed, and obey who wins: a person's edit, then
// the newer day; what was deleted stays deleted.
func (db *DB) Seed(ctx context.Context, now time.Time) (SeedReport, error) {
	digest := catalog.Digest()
	seeded, err := seededBefore(ctx, db.read)
	if err != nil || seeded.is(digest) {
		return SeedReport{}, err
	}
	files, err := catalog.Load()
	if err != nil {
		return SeedReport{}, fmt.Errorf("reading the embedded catalogue: %w", err)
	}
	return db.SeedFrom(ctx, files, digest, now)
}

// SeedFrom is Seed with a catalogue other than the embedded one.
func (db *DB) SeedFrom(ctx context.Context, files *catalog.Catalog, digest string, now time.Time) (SeedReport, error) {
	var report SeedReport
	err := db.Write(ctx, Cause{At: now}, func(ctx context.Context, tx *ent.Tx) error {
		report = SeedReport{}
		if err := db.lockSeeding(ctx, tx); err != nil {
			return err
		}
		before, err := seededBefore(ctx, tx.Client())
		if err != nil || before.is(digest) {
			return err
		}
		if before.digest == "" {
			unlogged(ctx) // the logs begin with the catalogue in its place
		}
		day := newestDay(files)
		if before.day > day {
			report.IsOlder = true
			return nil
		}
		s := &seeder{tx: tx, dialect: db.dialect, files: files, now: calendar.InstantOf(now), day: day, report: &report}
		if err := s.run(ctx); err != nil {
			return err
		}
		if before.digest != "" && before.derived != derivedVersion {
			if err := reindexAll(ctx, tx, db.dialect); err != nil {
				return err
			}
		}
		return seeded{digest: digest, derived: derivedVersion, day: day}.keep(ctx, tx)
	})
	if err != nil {
		return SeedReport{}, fmt.Errorf("seeding the catalogue: %w", err)
	}
	return report, nil
}

// seeded says which files a database was seeded with.
type seeded struct {
	digest  string
	derived int
	day     calendar.Day
}

func (s seeded) is(digest string) bool { return s.digest == digest && s.derived == derivedVersion }

func seededBefore(ctx context.Context, client *ent.Client) (seeded, error) {
	var s seeded
	rows, err := client.Setting.Query().Where(setting.NameIn(settingCatalog, settingDay)).All(ctx)
	if err != nil {
		return s, err
	}
	for _, r := range rows {
		switch r.Name {
		case settingCatalog:
			_, err = fmt.Sscanf(r.Value, "%s %d", &s.digest, &s.derived)
		case settingDay:
			s.day, err = calendar.ParseDay(r.Value)
		}
		if err != nil {
			return s, fmt.Errorf("the setting %s is %q: %w", r.Name, r.Value, err)
		}
	}
	return s, nil
}

func (s seeded) keep(ctx context.Context, tx *ent.Tx) error {
	for name, value := range map[string]string{
		settingCatalog: fmt.Sprintf("%s %d", s.digest, s.derived),
		settingDay:     s.day.String(),
	} {
		if err := KeepSetting(ctx, tx, name, value); err != nil {
			return err
		}
	}
	return nil
}

// newestDay is the newest day of the files' facts.
func newestDay(files *catalog.Catalog) calendar.Day {
	var day calendar.Day
	for _, t := range files.Technologies {
		day = max(day, t.AsOf)
		for _, c := range t.ReleaseCycles {
			day = max(day, c.AsOf)
		}
	}
	for _, a := range files.Advisories {
		day = max(day, a.AsOf)
	}
	return day
}

// seeder brings one catalogue into the database, within one transaction: the
// embedded files, or what was read from a source.
type seeder struct {
	tx      *ent.Tx
	dialect string
	// origin is the slug of the source that was read; empty for the files.
	origin string
	files  *catalog.Catalog
	now    calendar.Instant
	day    calendar.Day // the newest of the files
	report *SeedReport

	// fresh are the technologies that have just come: records that name one, and
	// that were there before, were left without it.
	fresh map[string]bool
	// renamed is true where a tool changed: integrations are ordered by its name.
	renamed bool
	// late is what is removed when nothing refers to it any more.
	late []func(context.Context) error

	sources, categories, useCases, tools, technologies map[string]int64 // ids by key
	// read are the days of the newest data that were read from sources, by slug.
	read map[string]calendar.Day
}

func (s *seeder) run(ctx context.Context) (err error) {
	if s.read, err = daysRead(ctx, s.tx.Client()); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		s.seedSources, s.seedCategories, s.seedUseCases, s.seedCriteria, s.seedMistakes, s.seedTools,
		s.seedTechnologies, s.seedCyclesOfFiles, s.seedPackages, s.seedAdvisories, s.seedIntegrations,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	for _, remove := range s.late {
		if err := remove(ctx); err != nil {
			return err
		}
	}
	return nil
}

// row is what is already there of a record.
type row struct {
	id     int64
	digest string
	asOf   calendar.Day
	edited []string
}

// kind is how the records of one kind get into the database.
type kind[R any] struct {
	entity  string // empty where the change logs do not tell of it
	table   string // its tombstones are of this kind
	records []R
	key     func(R) string
	asOf    func(R) calendar.Day // nil where the files alone know the kind
	// undated gives a record without its day; nil where it has none.
	undated func(R) R
	// existing selects id, key, digest, day and edited fields of every row.
	existing string
	// taken are the keys of records that stay out, since a person has given their
	// slugs to others.
	taken map[string]bool
	// isOutdated says of a record that is not there that there is newer knowledge of
	// it not being; it may be nil.
	isOutdated func(R) bool
	create     func(ctx context.Context, records []R, digests []string) ([]int64, error)
	update     func(ctx context.Context, id int64, r R, digest string, edited []string) error
	// again is told of records that have not changed; it may be nil.
	again func(id int64, r R)
	// isReferred puts off removing until everything that refers to the kind is written.
	isReferred bool
	// covers says of a key whether the records would have it if it still were; nil
	// where they cover everything.
	covers func(key string) bool
	// remove deletes a row that the files no longer have; false where others depend
	// on it. It is nil where the records are not all that there are.
	remove func(ctx context.Context, id int64) (bool, error)
}

// digest is a digest of what a record says, whenever that was true.
func (k kind[R]) digest(r R) string {
	if k.undated != nil {
		r = k.undated(r)
	}
	return digestOf(r)
}

// bulk is how many rows one statement inserts: within SQLite's 32,766 variables.
const bulk = 500

// seed creates, updates and removes the records of a kind, and gives all ids by key.
func seed[R any](ctx context.Context, s *seeder, k kind[R]) (map[string]int64, error) {
	have, err := s.rows(ctx, k.existing)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", k.table, err)
	}
	deleted, err := s.tombstones(ctx, k.table)
	if err != nil {
		return nil, fmt.Errorf("reading what was deleted of %s: %w", k.table, err)
	}
	ids := make(map[string]int64, len(k.records))
	var fresh []R
	var digests []string
	var stale []update[R]
	confirmed := map[calendar.Day][]int64{}
	for _, r := range k.records {
		key, digest := k.key(r), k.digest(r)
		old, exists := have[key]
		delete(have, key)
		switch {
		case deleted[key] && old.digest == "", !exists && k.taken[key], !exists && k.isOutdated != nil && k.isOutdated(r):
			s.report.Kept++ // where there is a row, a person has made it anew
		case !exists:
			fresh, digests = append(fresh, r), append(digests, s.marked(digest))
		case unmarked(old.digest) == digest:
			ids[key] = old.id
			if k.asOf != nil && k.asOf(r) > old.asOf {
				confirmed[k.asOf(r)] = append(confirmed[k.asOf(r)], old.id)
			}
			if k.again != nil {
				k.again(old.id, r)
			}
		case k.asOf != nil && old.asOf > k.asOf(r):
			ids[key] = old.id
			s.report.Kept++
		default:
			ids[key] = old.id
			stale = append(stale, update[R]{row: old, record: r, digest: s.marked(digest)})
		}
	}
	if err := s.confirm(ctx, k.table, confirmed); err != nil {
		return nil, fmt.Errorf("confirming %s: %w", k.table, err)
	}
	if err := bring(ctx, s, k, stale); err != nil {
		return nil, err
	}
	for at := 0; at < len(fresh); at += bulk {
		end := min(at+bulk, len(fresh))
		created, err := k.create(ctx, fresh[at:end], digests[at:end])
		if err != nil {
			return nil, fmt.Errorf("creating %s: %w", k.table, err)
		}
		for i, id := range created {
			ids[k.key(fresh[at+i])] = id
		}
		s.report.Created += len(created)
	}
	if k.remove == nil {
		return ids, nil
	}
	removeGone := func(ctx context.Context) error { return s.removeGone(ctx, have, k.table, k.covers, k.remove) }
	if k.isReferred {
		s.late = append(s.late, removeGone)
		return ids, nil
	}
	return ids, removeGone(ctx)
}

// update is a record that differs from what the row was made from.
type update[R any] struct {
	row
	record R
	digest string
}

// bring writes what the files have changed. How the rows are before is read at
// once, and not one by one as they are written.
func bring[R any](ctx context.Context, s *seeder, k kind[R], stale []update[R]) error {
	if r := recorderOf(ctx); k.entity != "" && !r.isOff {
		if err := r.touch(ctx, k.entity, idsOf(stale, func(u update[R]) int64 { return u.id })); err != nil {
			return fmt.Errorf("reading %s: %w", k.table, err)
		}
	}
	for _, u := range stale {
		if err := k.update(ctx, u.id, u.record, u.digest, u.edited); err != nil {
			return fmt.Errorf("updating %s %q: %w", k.table, k.key(u.record), err)
		}
		s.report.Updated++
	}
	return nil
}

// confirm notes that rows are still true on a day. The day alone is no change: it
// passes the hook that records changes by.
func (s *seeder) confirm(ctx context.Context, table string, ids map[calendar.Day][]int64) error {
	for day, of := range ids {
		update := sql.Dialect(s.dialect).Update(table).Set("as_of", day).Where(In("id", of))
		query, args := update.Query()
		if _, err := s.tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
		s.report.Confirmed += len(of)
	}
	return nil
}

// marked gives the digest of a record as it is kept with its row: with the source
// that was read, where it is not of the files.
func (s *seeder) marked(digest string) string {
	if s.origin == "" {
		return digest
	}
	return s.origin + ":" + digest
}

// isOfSource says whether a row was last made from a source that was read.
func isOfSource(digest string) bool { return strings.Contains(digest, ":") }

func unmarked(digest string) string { return digest[strings.Index(digest, ":")+1:] }

// removeGone removes what the files, or the source, once brought and no longer
// have, unless it is of a newer day, a person has had a hand in it, or others depend
// on it. Files do not remove what was read from a source since.
func (s *seeder) removeGone(ctx context.Context, gone map[string]row, table string, covers func(string) bool, remove func(context.Context, int64) (bool, error)) error {
	for key, old := range gone {
		if old.digest == "" || covers != nil && !covers(key) {
			continue
		}
		if len(old.edited) > 0 || old.asOf > s.day || s.origin == "" && isOfSource(old.digest) {
			s.report.Kept++
			continue
		}
		removed, err := remove(ctx, old.id)
		if err != nil {
			return fmt.Errorf("removing %s %q: %w", table, key, err)
		}
		if !removed {
			s.report.Kept++
			continue
		}
		s.report.Removed++
	}
	return nil
}

func (s *seeder) rows(ctx context.Context, query string) (map[string]row, error) {
	rows, err := s.tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string]row{}
	for rows.Next() {
		var key string
		var edited []byte
		var r row
		if err := rows.Scan(&r.id, &key, &r.digest, &r.asOf, &edited); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(edited, &r.edited); err != nil {
			return nil, err
		}
		out[key] = r
	}
	return out, rows.Err()
}

// digestOf is a digest of a record: it changes when anything in the files about it does.
func digestOf(record any) string {
	b, err := json.Marshal(record)
	if err != nil {
		panic(fmt.Sprintf("digest of %T: %v", record, err)) // records are plain values
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// Changed counts what has become another.
func (r SeedReport) Changed() int { return r.Created + r.Updated + r.Removed }

// String tells the report in a few words.
func (r SeedReport) String() string {
	switch {
	case r.IsOlder:
		return "is of newer files than this server's, and stays"
	case r == (SeedReport{}):
		return "is up to date"
	}
	return fmt.Sprintf("%d records created, %d updated, %d removed, %d kept as they were", r.Created, r.Updated, r.Removed, r.Kept)
}
