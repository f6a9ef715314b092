package store

import (
	"context"
	"maps"
	"slices"

	"stackyard/ent"
	"stackyard/ent/releasecycle"
	"stackyard/ent/versionrequirement"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
)

// cycleRecord is a release cycle with what it needs, and its place as published.
type cycleRecord struct {
	Technology   string
	Position     int
	Cycle        catalog.ReleaseCycle
	Requirements []catalog.Requirement
}

func (r cycleRecord) key() string { return r.Technology + "/" + r.Cycle.Name }

func (s *seeder) cycleRecords() []cycleRecord {
	needs := map[string][]catalog.Requirement{}
	for _, r := range s.files.Requirements {
		key := r.Technology + "/" + r.ReleaseCycle
		needs[key] = append(needs[key], r)
	}
	var out []cycleRecord
	for _, t := range s.files.Technologies {
		if _, isThere := s.technologies[t.Slug]; !isThere {
			continue // deleted by a person
		}
		for i, c := range t.ReleaseCycles {
			r := cycleRecord{Technology: t.Slug, Position: i, Cycle: c}
			r.Requirements = needs[r.key()]
			out = append(out, r)
		}
	}
	return out
}

func (s *seeder) seedReleaseCycles(ctx context.Context) error {
	touched := map[int64][]catalog.Requirement{}
	var updated []int64
	_, err := seed(ctx, s, kind[cycleRecord]{
		entity:  ent.TypeReleaseCycle,
		table:   tableReleaseCycles,
		records: s.cycleRecords(),
		key:     cycleRecord.key,
		asOf:    func(r cycleRecord) calendar.Day { return r.Cycle.AsOf },
		existing: "SELECT c.id, " + fileKeyOf("t") + ` || '/' || c.name, c.file_digest, c.as_of, c.edited_fields
			FROM release_cycles c JOIN technologies t ON t.id = c.technology_id`,
		create: func(ctx context.Context, records []cycleRecord, digests []string) ([]int64, error) {
			rows, err := s.tx.ReleaseCycle.MapCreateBulk(records, func(c *ent.ReleaseCycleCreate, i int) {
				m := c.Mutation()
				m.SetTechnologyID(s.technologies[records[i].Technology])
				m.SetName(records[i].Cycle.Name)
				s.setCycle(m, records[i], digests[i], nil)
			}).Save(ctx)
			for i, row := range rows {
				touched[row.ID] = records[i].Requirements
			}
			return idsOf(rows, func(r *ent.ReleaseCycle) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r cycleRecord, digest string, edited []string) error {
			u := s.tx.ReleaseCycle.UpdateOneID(id)
			s.setCycle(u.Mutation(), r, digest, edited)
			updated, touched[id] = append(updated, id), r.Requirements
			return u.Exec(ctx)
		},
		again: func(id int64, r cycleRecord) {
			if slices.ContainsFunc(r.Requirements, func(need catalog.Requirement) bool { return s.fresh[need.Requires] }) {
				touched[id] = r.Requirements
			}
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			n, err := s.tx.ReleaseCycle.Delete().Where(releasecycle.ID(id), s.ofFiles(releasecycle.FieldTechnologyID)).Exec(ctx)
			return n > 0, err
		},
	})
	if err != nil {
		return err
	}
	if err := s.seedRequirements(ctx, touched); err != nil {
		return err
	}
	changed, err := recorderOf(ctx).changed(ctx, ent.TypeReleaseCycle, updated)
	if err != nil {
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

// seedRequirements writes anew what the touched cycles need.
func (s *seeder) seedRequirements(ctx context.Context, touched map[int64][]catalog.Requirement) error {
	var creates []*ent.VersionRequirementCreate
	cycles := slices.Collect(maps.Keys(touched))
	if _, err := s.tx.VersionRequirement.Delete().Where(among(versionrequirement.FieldReleaseCycleID, cycles)).Exec(ctx); err != nil {
		return err
	}
	for id, needs := range touched {
		for i, need := range needs {
			technology, ok := s.technologies[need.Requires]
			if !ok {
				continue // deleted by a person
			}
			c := s.tx.VersionRequirement.Create().SetReleaseCycleID(id).SetTechnologyID(technology).SetPosition(i).
				SetKind(need.Kind).SetVersions(orEmpty(need.Versions)).SetAsPublished(need.AsPublished)
			setOrClear(need.MinVersion, c.Mutation().SetMinVersion, c.Mutation().ClearMinVersion)
			setOrClear(need.MaxVersion, c.Mutation().SetMaxVersion, c.Mutation().ClearMaxVersion)
			creates = append(creates, c)
		}
	}
	return inBulk(creates, func(c []*ent.VersionRequirementCreate) error {
		return s.tx.VersionRequirement.CreateBulk(c...).Exec(ctx)
	})
}
