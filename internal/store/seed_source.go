package store

import (
	"context"
	"fmt"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/setting"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
)

// Reading is what was read from a source, as the catalogue has it. Technologies are
// named by what they are called in the files (FileKey); what the catalogue does not
// have is left out.
type Reading struct {
	// Source is the slug of the source.
	Source string
	// AsOf is the day of the reading.
	AsOf calendar.Day
	// Technologies are those whose release cycles were read, each with all of its
	// cycles; nothing else of them is looked at.
	Technologies []catalog.Technology
	// Advisories were merged from all records that were read of them.
	Advisories []catalog.Advisory
	// Latest are the newest versions of release cycles, by technology and cycle.
	Latest map[string]map[string]LatestVersion
}

// LatestVersion is the newest version of a release cycle.
type LatestVersion struct {
	Version    string
	ReleasedOn calendar.Day
}

// FileKey is what the files, and sources, call a technology, whatever people call it.
func FileKey(t *ent.Technology) string { return fileKey(t) }

// SeedSource brings what was read from a source, as Seed brings the files, by the
// same rules of who wins; within a transaction of Write. Reading that are older than
// what was read before are left alone, each by itself.
func (db *DB) SeedSource(ctx context.Context, tx *ent.Tx, reading Reading, now calendar.Instant) (SeedReport, error) {
	var report SeedReport
	if err := db.lockSeeding(ctx, tx); err != nil {
		return report, err
	}
	s := &seeder{
		tx: tx, dialect: db.dialect, origin: reading.Source, now: now, day: reading.AsOf, report: &report,
		files: &catalog.Catalog{Technologies: reading.Technologies, Advisories: reading.Advisories},
	}
	if err := s.runSource(ctx, reading); err != nil {
		return SeedReport{}, fmt.Errorf("bringing what %s says: %w", reading.Source, err)
	}
	return report, nil
}

// lockSeeding lets one instance seed at a time; on SQLite there is one writer anyway.
func (db *DB) lockSeeding(ctx context.Context, tx *ent.Tx) error {
	if db.dialect != dialect.Postgres {
		return nil
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", seedLock))
	return err
}

func (s *seeder) runSource(ctx context.Context, reading Reading) error {
	if err := s.readIDs(ctx); err != nil {
		return err
	}
	if len(reading.Technologies) > 0 {
		_, updated, err := s.seedReleaseCycles(ctx)
		if err == nil {
			err = s.reviseCycles(ctx, updated)
		}
		if err == nil {
			err = s.keepDayRead(ctx, reading)
		}
		if err != nil {
			return err
		}
	}
	if err := s.seedLatest(ctx, reading); err != nil {
		return err
	}
	if len(reading.Advisories) == 0 {
		return nil
	}
	if err := s.completeAdvisories(ctx); err != nil {
		return err
	}
	return s.seedAdvisories(ctx)
}

// readIDs reads the ids of what facts can name.
func (s *seeder) readIDs(ctx context.Context) error {
	s.sources, s.technologies = map[string]int64{}, map[string]int64{}
	sources, err := s.tx.Source.Query().All(ctx)
	if err != nil {
		return err
	}
	for _, source := range sources {
		s.sources[source.Slug] = source.ID
	}
	if _, isThere := s.sources[s.origin]; !isThere {
		return fmt.Errorf("there is no source %q", s.origin)
	}
	technologies, err := s.tx.Technology.Query().Select("id", "slug", "file_key").All(ctx)
	if err != nil {
		return err
	}
	for _, t := range technologies {
		s.technologies[fileKey(t)] = t.ID
	}
	return nil
}

// settingRead begins the names of the settings that say of which day the newest
// data are that were read of a source.
const settingRead = "read "

func daysRead(ctx context.Context, client *ent.Client) (map[string]calendar.Day, error) {
	rows, err := client.Setting.Query().Where(setting.NameHasPrefix(settingRead)).All(ctx)
	if err != nil {
		return nil, err
	}
	days := map[string]calendar.Day{}
	for _, r := range rows {
		day, err := calendar.ParseDay(r.Value)
		if err != nil {
			return nil, fmt.Errorf("the setting %s is %q: %w", r.Name, r.Value, err)
		}
		days[strings.TrimPrefix(r.Name, settingRead)] = day
	}
	return days, nil
}

func (s *seeder) keepDayRead(ctx context.Context, reading Reading) error {
	days, err := daysRead(ctx, s.tx.Client())
	if err != nil || days[reading.Source] >= reading.AsOf {
		return err
	}
	return KeepSetting(ctx, s.tx, settingRead+reading.Source, reading.AsOf.String())
}

// keepSetting keeps a value that the store, keeps about itself.
func KeepSetting(ctx context.Context, tx *ent.Tx, name, value string) error {
	return tx.Setting.Create().SetName(name).SetValue(value).OnConflictColumns(setting.FieldName).UpdateValue().Exec(ctx)
}

// Synced notes when a source was read, and what went wrong with it, in one line;
// empty where nothing did. What was read is a change of the source where it is of a
// newer day than before, or brought anything: that the same was read again is none.
func (db *DB) Synced(ctx context.Context, tx *ent.Tx, source int64, report SeedReport, at calendar.Instant, trouble string) error {
	if report.Changed() == 0 && report.Confirmed == 0 {
		return db.unloggedSource(ctx, tx, source, sql.Dialect(db.dialect).Update("sources").Set("last_synced_at", at), trouble)
	}
	update := tx.Source.UpdateOneID(source).SetLastSyncedAt(at)
	setOrClear(trouble, update.Mutation().SetLastError, update.Mutation().ClearLastError)
	return update.Exec(ctx)
}

// NotSynced notes why a source could not be read, in one line. Only those with a
// scope may know, so that it is in no log.
func (db *DB) NotSynced(ctx context.Context, tx *ent.Tx, source int64, trouble string) error {
	return db.unloggedSource(ctx, tx, source, sql.Dialect(db.dialect).Update("sources"), trouble)
}

// unloggedSource updates a source past the hook that records changes.
func (db *DB) unloggedSource(ctx context.Context, tx *ent.Tx, source int64, update *sql.UpdateBuilder, trouble string) error {
	if trouble == "" {
		update.SetNull("last_error")
	} else {
		update.Set("last_error", trouble)
	}
	query, args := update.Where(sql.EQ("id", source)).Query()
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}
