package app

import (
	"context"
	"fmt"
	"slices"

	"stackyard/ent"
	"stackyard/ent/identifier"
	"stackyard/ent/releasecycle"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
	"stackyard/internal/source"
	"stackyard/internal/source/endoflife"
	"stackyard/internal/source/osv"
	"stackyard/internal/store"
)

// names are what sources call what the catalogue has.
type names struct {
	// keys are what the files call technologies, by id.
	keys map[int64]string
	// products are technologies by their names on endoflife.date.
	products     map[string][]int64
	packages     map[osv.Package]int64
	repositories map[string]int64
}

func (a *App) namesOf(ctx context.Context) (names, error) {
	n := names{
		keys: map[int64]string{}, products: map[string][]int64{}, packages: map[osv.Package]int64{}, repositories: map[string]int64{},
	}
	db := a.db.Read()
	technologies, err := db.Technology.Query().Select("id", "slug", "file_key", "repository").All(ctx)
	if err != nil {
		return n, fmt.Errorf("reading the technologies: %w", err)
	}
	for _, t := range technologies {
		n.keys[t.ID] = store.FileKey(t)
		if t.Repository != nil {
			n.repositories[*t.Repository] = t.ID
		}
	}
	identifiers, err := db.Identifier.Query().Where(identifier.SchemeEQ(enum.SchemeEndoflife)).
		Order(ent.Asc(identifier.FieldTechnologyID)).All(ctx)
	if err != nil {
		return n, fmt.Errorf("reading the identifiers: %w", err)
	}
	for _, i := range identifiers {
		n.products[i.Value] = append(n.products[i.Value], i.TechnologyID)
	}
	packages, err := db.KnownPackage.Query().All(ctx)
	if err != nil {
		return n, fmt.Errorf("reading the packages: %w", err)
	}
	for _, p := range packages {
		n.packages[osv.Package{Ecosystem: p.Ecosystem, Name: p.Name}] = p.TechnologyID
	}
	return n, nil
}

// read reads what was found of a source whole.
func (a *App) read(ctx context.Context, slug string, content source.Content, n names, report *SyncReport) (store.Reading, error) {
	reading := store.Reading{Source: slug}
	var err error
	if slug == SourceEndOfLife {
		err = a.readEndOfLife(ctx, content, n, &reading, report)
	} else {
		err = a.readOSV(ctx, content, n, &reading, report)
	}
	report.AsOf = reading.AsOf
	return reading, err
}

// today bounds a day that a source gives: nothing is true as of tomorrow.
func (a *App) today(day calendar.Day) calendar.Day { return min(day, calendar.DayOf(a.now())) }

func (a *App) readEndOfLife(ctx context.Context, content source.Content, n names, to *store.Reading, report *SyncReport) error {
	b, err := source.Document(content, a.sources.Limits)
	if err != nil {
		return err
	}
	d, err := endoflife.Parse(b)
	if err != nil {
		return err
	}
	to.AsOf = a.today(d.AsOf)
	report.Skipped, report.Records = d.Skipped, len(d.Products)+len(d.Releases)+d.Skipped.Count
	for _, p := range d.Products {
		of := n.products[p.Name]
		if len(of) == 0 {
			report.Unknown++
		}
		for _, technology := range of {
			t := catalog.Technology{Slug: n.keys[technology]}
			for _, c := range p.Cycles {
				t.ReleaseCycles = append(t.ReleaseCycles, cycleOf(c, to.AsOf))
			}
			to.Technologies = append(to.Technologies, t)
		}
	}
	return a.readReleases(ctx, d, n, to, report)
}

func cycleOf(c endoflife.Cycle, asOf calendar.Day) catalog.ReleaseCycle {
	return catalog.ReleaseCycle{
		Name: c.Name, Codename: c.Codename, ReleasedOn: c.ReleasedOn, IsLongTerm: c.IsLongTerm, LongTermFrom: c.LongTermFrom,
		ActiveSupportUntil: c.ActiveSupportUntil, IsActiveSupportOver: c.IsActiveSupportOver,
		EndOfLifeOn: c.EndOfLifeOn, IsEndOfLife: c.IsEndOfLife,
		ExtendedSupportUntil: c.ExtendedSupportUntil, IsExtendedSupportOver: c.IsExtendedSupportOver,
		LatestVersion: c.LatestVersion, LatestReleasedOn: c.LatestReleasedOn, Source: SourceEndOfLife, AsOf: asOf,
	}
}

// readReleases finds the newest release of every release cycle that the catalogue has.
func (a *App) readReleases(ctx context.Context, d *endoflife.Document, n names, to *store.Reading, report *SyncReport) error {
	if len(d.Releases) == 0 {
		return nil
	}
	cycles, err := a.db.Read().ReleaseCycle.Query().
		Order(ent.Asc(releasecycle.FieldTechnologyID, releasecycle.FieldPosition, releasecycle.FieldID)).
		Select(releasecycle.FieldTechnologyID, releasecycle.FieldName).All(ctx)
	if err != nil {
		return fmt.Errorf("reading the release cycles: %w", err)
	}
	of := map[int64][]string{}
	for _, c := range cycles {
		of[c.TechnologyID] = append(of[c.TechnologyID], c.Name)
	}
	to.Latest = map[string]map[string]store.LatestVersion{}
	for product, releases := range d.Releases {
		if len(n.products[product]) == 0 {
			report.Unknown++
		}
		for _, technology := range n.products[product] {
			latest := map[string]store.LatestVersion{}
			for cycle, l := range endoflife.LatestOf(releases, of[technology]) {
				latest[cycle] = store.LatestVersion(l)
			}
			to.Latest[n.keys[technology]] = latest
		}
	}
	return nil
}

func (a *App) readOSV(ctx context.Context, content source.Content, n names, to *store.Reading, report *SyncReport) error {
	known := osv.NewKnown(n.packages, n.repositories)
	d, err := osv.Read(ctx, content, a.sources.Limits, known, calendar.DayOf(a.now()))
	if err != nil {
		return err
	}
	to.AsOf = d.AsOf
	report.Records, report.Unknown = d.Read+d.Skipped.Count, d.Read-len(d.Records)
	for _, merged := range osv.Merge(d.Records, known, &d.Skipped) {
		to.Advisories = append(to.Advisories, n.advisoryOf(merged, to.AsOf))
	}
	report.Skipped = d.Skipped
	return nil
}

func (n names) advisoryOf(m osv.Advisory, asOf calendar.Day) catalog.Advisory {
	out := catalog.Advisory{
		Identifier: m.Identifier, Aliases: slices.Clone(m.Aliases), Summary: m.Summary, Severity: m.Severity, Score: m.Score,
		PublishedAt: m.PublishedAt, ModifiedAt: m.ModifiedAt, WithdrawnAt: m.WithdrawnAt, References: m.References, Source: SourceOSV, AsOf: asOf,
	}
	for _, r := range m.Affected {
		out.Affected = append(out.Affected, catalog.AffectedRange{
			Technology: n.keys[r.Technology], Package: r.Package, Ecosystem: r.Ecosystem, Introduced: r.Introduced, Fixed: r.Fixed,
			LastAffected: r.LastAffected, Versions: r.Versions, IsUndecidable: !r.IsDecidable,
		})
	}
	return out
}
