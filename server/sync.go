package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"stackyard/internal/app"
	"stackyard/internal/source"
	"stackyard/internal/store"
)

// syncConfig says from where the server reads sources on its own, and how often.
type syncConfig struct {
	// EndoflifeURL is where release cycles are read from; where empty, the server does not read them.
	EndoflifeURL string `name:"endoflife-url" placeholder:"URL" help:"Address to read release cycles from, such as https://endoflife.date/api/v1/products/full; off by default."`
	// OSVURL is where advisories are read from; where empty, the server does not read them.
	OSVURL string `name:"osv-url" placeholder:"URL" help:"Address of OSV records, in JSON or zipped, to read advisories from; off by default."`
	// Interval is the time between two readings of a source.
	Interval time.Duration `default:"24h" help:"Time between two readings of a source."`
	syncLimits
}

// syncLimits bound the reading of one source.
type syncLimits struct {
	// Timeout is how long reading a source may take, before anything is written.
	Timeout time.Duration `default:"10m" help:"Time for a source to be read."`
	// MaxBytes is the size of the largest file or download.
	MaxBytes int64 `default:"268435456" help:"Largest file or download, in bytes."`
	// MaxUnpackedBytes is how much all records of a folder or archive may have together.
	MaxUnpackedBytes int64 `default:"4294967296" help:"Most that all records of a folder or archive have together, in bytes."`
	// MaxRecordBytes is the size of the largest record; larger ones are skipped.
	MaxRecordBytes int64 `default:"4194304" help:"Largest record, in bytes; larger ones are skipped."`
}

func (c syncConfig) faults() []error {
	faults := c.syncLimits.faults()
	const least = time.Minute
	if c.Interval < least {
		faults = append(faults, fmt.Errorf("sync-interval: must be %v at least", least))
	}
	for _, at := range []struct{ setting, address string }{{"sync-endoflife-url", c.EndoflifeURL}, {"sync-osv-url", c.OSVURL}} {
		if err := source.CheckAddress(at.address); at.address != "" && err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", at.setting, err))
		}
	}
	return faults
}

func (l syncLimits) faults() []error {
	var faults []error
	for _, limit := range []limit{
		{"sync-timeout", int64(l.Timeout)},
		{"sync-max-bytes", l.MaxBytes},
		{"sync-max-unpacked-bytes", l.MaxUnpackedBytes},
		{"sync-max-record-bytes", l.MaxRecordBytes},
	} {
		if limit.value <= 0 {
			faults = append(faults, fmt.Errorf("%s: must be more than 0", limit.setting))
		}
	}
	return faults
}

// addresses are where sources are read from, by slug.
func (c syncConfig) addresses() map[string]string {
	return map[string]string{app.SourceEndOfLife: c.EndoflifeURL, app.SourceOSV: c.OSVURL}
}

func (c syncConfig) sources() app.Sources {
	return app.Sources{Addresses: c.addresses(), Interval: c.Interval, Limits: c.limits()}
}

func (l syncLimits) limits() source.Limits {
	return source.Limits{Bytes: l.MaxBytes, UnpackedBytes: l.MaxUnpackedBytes, RecordBytes: l.MaxRecordBytes, Timeout: l.Timeout}
}

// lookEvery is how often the server looks whether a source is due.
const lookEvery = time.Minute

// syncOnSchedule reads the sources that have addresses, whenever they are due.
func syncOnSchedule(ctx context.Context, cases *app.App, log *slog.Logger) {
	every := time.NewTicker(lookEvery)
	defer every.Stop()
	for {
		cases.SyncDue(ctx, func(slug string, report app.SyncReport, err error) {
			if err != nil && ctx.Err() == nil {
				log.WarnContext(ctx, "a source was not read", "source", slug, "error", err)
			}
			if err == nil {
				log.InfoContext(ctx, "a source was read", "source", slug, "report", report.String())
			}
		})
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// syncCommand reads a source once.
type syncCommand struct {
	Source   string `arg:"" enum:"endoflife,osv" help:"What to read: endoflife (release cycles and releases) or osv (advisories)."`
	From     string `required:"" placeholder:"FILE|DIR|URL" help:"Where to read it from."`
	Database string `placeholder:"URL" help:"sqlite:PATH or postgres://…; by default a SQLite file in the data directory."`
	DataDir  string `default:"./data" help:"Directory for the server's files."`

	Limits syncLimits `embed:"" prefix:"sync-"`
}

func (c syncCommand) run(ctx context.Context, out io.Writer) (err error) {
	cfg := Config{Database: c.Database, DataDir: c.DataDir}
	faults := c.Limits.faults()
	if err := checkDatabase(c.Database); err != nil {
		faults = append(faults, fmt.Errorf("database: %w", err))
	}
	if source.IsAddress(c.From) {
		if err := source.CheckAddress(c.From); err != nil {
			faults = append(faults, fmt.Errorf("from: %w", err))
		}
	} else if _, err := os.Stat(c.From); err != nil {
		faults = append(faults, fmt.Errorf("from: there is nothing to read at %s", c.From))
	}
	if len(faults) > 0 {
		return usageError{errors.Join(faults...)}
	}
	if err := os.MkdirAll(c.DataDir, 0o750); err != nil {
		return fmt.Errorf("making the data directory: %w", err)
	}
	db, err := store.Open(ctx, store.Config{Database: cfg.database()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	if _, err := db.Seed(ctx, time.Now()); err != nil {
		return err
	}
	cases := app.New(db, time.Now, app.Limits{})
	cases.ReadFrom(app.Sources{Limits: c.Limits.limits()})
	report, err := cases.Sync(ctx, c.Source, c.From)
	if err != nil {
		return fmt.Errorf("reading %s: %w", c.Source, err)
	}
	return report.Write(out)
}
