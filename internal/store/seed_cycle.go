package store

import (
	"context"
	"slices"
	"strings"

	"stackyard/ent"
	"stackyard/ent/predicate"
	"stackyard/ent/releasecycle"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
)

// cycleRecord is a release cycle with its place as published.
type cycleRecord struct {
	Technology string
	Position   int
	Cycle      catalog.ReleaseCycle
}

func (r cycleRecord) key() string { return r.Technology + "/" + r.Cycle.Name }

func (r cycleRecord) undated() cycleRecord {
	r.Cycle.AsOf = 0
	return r
}

func (s *seeder) cycleRecords() []cycleRecord {
	var out []cycleRecord
	for _, t := range s.files.Technologies {
		if _, isThere := s.technologies[t.Slug]; !isThere {
			continue // deleted by a person
		}
		for i, c := range t.ReleaseCycles {
			out = append(out, cycleRecord{Technology: t.Slug, Position: i, Cycle: c})
		}
	}
	return out
}

// seedReleaseCycles gives the ids of all release cycles by key, and the ids of those that were updated.
func (s *seeder) seedReleaseCycles(ctx context.Context) (ids map[string]int64, updated []int64, err error) {
	ids, err = seed(ctx, s, kind[cycleRecord]{
		entity:  ent.TypeReleaseCycle,
		table:   tableReleaseCycles,
		records: s.cycleRecords(),
		key:     cycleRecord.key,
		asOf:    func(r cycleRecord) calendar.Day { return r.Cycle.AsOf },
		undated: cycleRecord.undated,
		existing: "SELECT c.id, " + fileKeyOf("t") + ` || '/' || c.name, c.file_digest, c.as_of, c.edited_fields
			FROM release_cycles c JOIN technologies t ON t.id = c.technology_id`,
		isOutdated: s.isCycleOutdated,
		create: func(ctx context.Context, records []cycleRecord, digests []string) ([]int64, error) {
			rows, err := s.tx.ReleaseCycle.MapCreateBulk(records, func(c *ent.ReleaseCycleCreate, i int) {
				m := c.Mutation()
				m.SetTechnologyID(s.technologies[records[i].Technology])
				m.SetName(records[i].Cycle.Name)
				s.setCycle(m, records[i], digests[i], nil)
			}).Save(ctx)
			return idsOf(rows, func(r *ent.ReleaseCycle) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r cycleRecord, digest string, edited []string) error {
			u := s.tx.ReleaseCycle.UpdateOneID(id)
			s.setCycle(u.Mutation(), r, digest, edited)
			updated = append(updated, id)
			return u.Exec(ctx)
		},
		covers: s.coversCycle,
		remove: func(ctx context.Context, id int64) (bool, error) {
			is := []predicate.ReleaseCycle{releasecycle.ID(id), s.ofFiles(releasecycle.FieldTechnologyID)}
			if s.origin != "" {
				is = append(is, releasecycle.SourceID(s.sources[s.origin]))
			}
			n, err := s.tx.ReleaseCycle.Delete().Where(is...).Exec(ctx)
			return n > 0, err
		},
	})
	return ids, updated, err
}

// coversCycle says whether what was read of a source has all release cycles of a
// cycle's technology. Files have those of all.
func (s *seeder) coversCycle(key string) bool {
	technology, _, _ := strings.Cut(key, "/")
	return s.origin == "" || slices.ContainsFunc(s.files.Technologies, func(t catalog.Technology) bool { return t.Slug == technology })
}

// isCycleOutdated says whether a source that was read since no longer has a release
// cycle of the files.
func (s *seeder) isCycleOutdated(r cycleRecord) bool {
	return s.origin == "" && !s.fresh[r.Technology] && s.read[r.Cycle.Source] > r.Cycle.AsOf
}

// seedCyclesOfFiles brings the release cycles with what they need, which the files alone know.
func (s *seeder) seedCyclesOfFiles(ctx context.Context) error {
	ids, updated, err := s.seedReleaseCycles(ctx)
	if err != nil {
		return err
	}
	needing, err := s.seedRequirements(ctx, ids)
	if err != nil {
		return err
	}
	return s.reviseCycles(ctx, union(updated, needing))
}

// reviseCycles counts what has become another of release cycles that were written.
func (s *seeder) reviseCycles(ctx context.Context, written []int64) error {
	if recorderOf(ctx).isOff {
		return nil // all of them have just come
	}
	changed, err := recorderOf(ctx).changed(ctx, ent.TypeReleaseCycle, written)
	if err != nil || len(changed) == 0 {
		return err
	}
	return s.tx.ReleaseCycle.Update().Where(among(releasecycle.FieldID, changed)).AddRevision(1).Exec(ctx)
}

// setCycle writes what the files say, but for the columns that a person has edited.
func (s *seeder) setCycle(m *ent.ReleaseCycleMutation, r cycleRecord, digest string, edited []string) {
	c := r.Cycle
	unless := func(column string, set func()) {
		if !slices.Contains(edited, column) {
			set()
		}
	}
	day := func(column string, value *calendar.Day, set func(calendar.Day), clear func()) {
		unless(column, func() { setSome(value, set, clear) })
	}
	unless(releasecycle.FieldCodename, func() { setOrClear(c.Codename, m.SetCodename, m.ClearCodename) })
	unless(releasecycle.FieldLatestVersion, func() { setOrClear(c.LatestVersion, m.SetLatestVersion, m.ClearLatestVersion) })
	unless(releasecycle.FieldIsLongTerm, func() { m.SetIsLongTerm(c.IsLongTerm || c.LongTermFrom != nil) })
	unless(releasecycle.FieldActiveSupportOver, func() {
		setSome(c.IsActiveSupportOver, m.SetActiveSupportOver, m.ClearActiveSupportOver)
	})
	unless(releasecycle.FieldEndOfLifePassed, func() { setSome(c.IsEndOfLife, m.SetEndOfLifePassed, m.ClearEndOfLifePassed) })
	unless(releasecycle.FieldExtendedSupportOver, func() {
		setSome(c.IsExtendedSupportOver, m.SetExtendedSupportOver, m.ClearExtendedSupportOver)
	})
	day(releasecycle.FieldReleasedOn, c.ReleasedOn, m.SetReleasedOn, m.ClearReleasedOn)
	day(releasecycle.FieldLongTermFrom, c.LongTermFrom, m.SetLongTermFrom, m.ClearLongTermFrom)
	day(releasecycle.FieldActiveSupportUntil, c.ActiveSupportUntil, m.SetActiveSupportUntil, m.ClearActiveSupportUntil)
	day(releasecycle.FieldEndOfLifeOn, c.EndOfLifeOn, m.SetEndOfLifeOn, m.ClearEndOfLifeOn)
	day(releasecycle.FieldExtendedSupportUntil, c.ExtendedSupportUntil, m.SetExtendedSupportUntil, m.ClearExtendedSupportUntil)
	day(releasecycle.FieldLatestReleasedOn, c.LatestReleasedOn, m.SetLatestReleasedOn, m.ClearLatestReleasedOn)
	m.SetPosition(r.Position)
	m.SetSourceID(s.sources[c.Source])
	m.SetAsOf(c.AsOf)
	m.SetFileDigest(digest)
}

// setSome writes a value that may not be known.
func setSome[V any](value *V, set func(V), clear func()) {
	if value == nil {
		clear()
		return
	}
	set(*value)
}
