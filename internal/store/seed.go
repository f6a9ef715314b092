package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"entgo.io/ent/dialect"

	"stackyard/ent"
	"stackyard/ent/setting"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
)

// seedLock keeps two instances from seeding one PostgreSQL database at once.
const seedLock = 0x5ac4a2d

// settingDigest names the setting that holds the digest of the files last seeded.
const settingDigest = "catalog_digest"

// SeedReport says what the embedded catalogue changed.
type SeedReport struct {
	Created int
	Updated int
	Removed int
	// Kept counts records that the files would change or remove, but that a newer
	// day, a person's edit, a deletion or somebody's dependence keeps as they are.
	Kept int
}

// Seed brings the embedded catalogue into the database. The same files a second
// time change nothing. Newer files bring what they changed, and obey who wins: a
// person's edit, then the newer day; what was deleted stays deleted.
func (db *DB) Seed(ctx context.Context, now time.Time) (SeedReport, error) {
	digest := catalog.Digest()
	if seeded, err := db.seededWith(ctx, db.read, digest); err != nil || seeded {
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
	err := db.Write(ctx, func(ctx context.Context, tx *ent.Tx) error {
		if db.dialect == dialect.Postgres {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", seedLock)); err != nil {
				return err
			}
		}
		if seeded, err := db.seededWith(ctx, tx.Client(), digest); err != nil || seeded {
			return err
		}
		s := &seeder{tx: tx, dialect: db.dialect, files: files, now: calendar.InstantOf(now), report: &report}
		if err := s.run(ctx); err != nil {
			return err
		}
		return tx.Setting.Create().SetName(settingDigest).SetValue(digest).
			OnConflictColumns(setting.FieldName).UpdateValue().Exec(ctx)
	})
	if err != nil {
		return SeedReport{}, fmt.Errorf("seeding the catalogue: %w", err)
	}
	return report, nil
}

func (db *DB) seededWith(ctx context.Context, client *ent.Client, digest string) (bool, error) {
	return client.Setting.Query().Where(setting.Name(settingDigest), setting.Value(digest)).Exist(ctx)
}

// seeder brings one catalogue into the database, within one transaction.
type seeder struct {
	tx      *ent.Tx
	dialect string
	files   *catalog.Catalog
	now     calendar.Instant
	report  *SeedReport

	sources, categories, useCases, tools, technologies map[string]int64 // ids by key
}

func (s *seeder) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		s.seedSources, s.seedCategories, s.seedUseCases, s.seedCriteria, s.seedMistakes, s.seedTools,
		s.seedTechnologies, s.seedReleaseCycles, s.seedPackages, s.seedAdvisories, s.seedIntegrations,
	} {
		if err := step(ctx); err != nil {
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
	table   string // its tombstones are of this kind
	records []R
	key     func(R) string
	asOf    func(R) calendar.Day // nil where the files alone know the kind
	// existing selects id, key, digest, day and edited fields of every row.
	existing string
	create   func(ctx context.Context, records []R, digests []string) ([]int64, error)
	update   func(ctx context.Context, id int64, r R, digest string, edited []string) error
	// remove deletes a row that the files no longer have; false where others depend on it.
	remove func(ctx context.Context, id int64) (bool, error)
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
	for _, r := range k.records {
		key, digest := k.key(r), digestOf(r)
		old, exists := have[key]
		delete(have, key)
		switch {
		case !exists && deleted[key]:
			s.report.Kept++
		case !exists:
			fresh, digests = append(fresh, r), append(digests, digest)
		case old.digest == digest:
			ids[key] = old.id
		case k.asOf != nil && old.asOf > k.asOf(r):
			ids[key] = old.id
			s.report.Kept++
		default:
			ids[key] = old.id
			if err := k.update(ctx, old.id, r, digest, old.edited); err != nil {
				return nil, fmt.Errorf("updating %s %q: %w", k.table, key, err)
			}
			s.report.Updated++
		}
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
	return ids, s.removeGone(ctx, have, k.table, k.remove)
}

// removeGone removes what the files once brought and no longer have, unless a
// person has had a hand in it or others depend on it.
func (s *seeder) removeGone(ctx context.Context, gone map[string]row, table string, remove func(context.Context, int64) (bool, error)) error {
	for key, old := range gone {
		if old.digest == "" {
			continue
		}
		if len(old.edited) > 0 {
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

// String tells the report in a few words.
func (r SeedReport) String() string {
	if r == (SeedReport{}) {
		return "is up to date"
	}
	return fmt.Sprintf("%d records created, %d updated, %d removed, %d kept as they were", r.Created, r.Updated, r.Removed, r.Kept)
}
