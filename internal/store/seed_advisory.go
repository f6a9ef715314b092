package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"stackyard/ent"
	"stackyard/ent/advisoryname"
	"stackyard/ent/affectedrange"
	"stackyard/ent/technologyadvisory"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
)

func (s *seeder) seedAdvisories(ctx context.Context) error {
	touched := map[int64]catalog.Advisory{}
	k := kind[catalog.Advisory]{
		entity:   ent.TypeAdvisory,
		table:    "advisories",
		records:  s.files.Advisories,
		key:      func(r catalog.Advisory) string { return r.Identifier },
		asOf:     func(r catalog.Advisory) calendar.Day { return r.AsOf },
		undated:  func(r catalog.Advisory) catalog.Advisory { r.AsOf = 0; return r },
		existing: "SELECT id, identifier, file_digest, as_of, '[]' FROM advisories",
		create: func(ctx context.Context, records []catalog.Advisory, digests []string) ([]int64, error) {
			rows, err := s.tx.Advisory.MapCreateBulk(records, func(c *ent.AdvisoryCreate, i int) {
				s.setAdvisory(c.Mutation(), records[i], digests[i])
			}).Save(ctx)
			for i, row := range rows {
				touched[row.ID] = records[i]
			}
			return idsOf(rows, func(r *ent.Advisory) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r catalog.Advisory, digest string, _ []string) error {
			u := s.tx.Advisory.UpdateOneID(id)
			s.setAdvisory(u.Mutation(), r, digest)
			touched[id] = r
			return u.Exec(ctx)
		},
		again: func(id int64, r catalog.Advisory) {
			if slices.ContainsFunc(r.Affected, func(a catalog.AffectedRange) bool { return s.fresh[a.Technology] }) {
				touched[id] = r
			}
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			isKept, err := s.tx.AffectedRange.Query().Where(affectedrange.AdvisoryID(id), affectedrange.Not(s.ofFiles(affectedrange.FieldTechnologyID))).Exist(ctx)
			if err != nil || isKept {
				return false, err
			}
			return true, s.tx.Advisory.DeleteOneID(id).Exec(ctx)
		},
	}
	if s.origin != "" {
		k.remove = nil // what a source does not have another can have brought
	}
	if _, err := seed(ctx, s, k); err != nil {
		return err
	}
	return s.relateAdvisories(ctx, touched)
}

func (s *seeder) setAdvisory(m *ent.AdvisoryMutation, r catalog.Advisory, digest string) {
	m.SetIdentifier(r.Identifier)
	m.SetAliases(orEmpty(r.Aliases))
	setOrClear(r.Summary, m.SetSummary, m.ClearSummary)
	m.SetSeverity(r.Severity)
	setSome(r.Score, m.SetScore, m.ClearScore)
	m.SetPublishedAt(r.PublishedAt)
	m.SetModifiedAt(r.ModifiedAt)
	setSome(r.WithdrawnAt, m.SetWithdrawnAt, m.ClearWithdrawnAt)
	m.SetReferences(orEmpty(r.References))
	m.SetSourceID(s.sources[r.Source])
	m.SetAsOf(r.AsOf)
	m.SetFileDigest(digest)
}

// relateAdvisories writes anew the names, ranges and technologies of the touched advisories.
func (s *seeder) relateAdvisories(ctx context.Context, touched map[int64]catalog.Advisory) error {
	if len(touched) == 0 {
		return nil
	}
	names, err := s.advisoryNames(ctx, touched)
	if err != nil {
		return err
	}
	var ranges []*ent.AffectedRangeCreate
	var links []*ent.TechnologyAdvisoryCreate
	for id, r := range touched {
		linked := map[int64]bool{}
		for i, a := range r.Affected {
			technology, ok := s.technologies[a.Technology]
			if !ok {
				continue // deleted by a person
			}
			ranges = append(ranges, s.affected(id, technology, i, a))
			if !linked[technology] {
				linked[technology] = true
				links = append(links, s.tx.TechnologyAdvisory.Create().SetTechnologyID(technology).SetAdvisoryID(id).SetPublishedAt(r.PublishedAt))
			}
		}
	}
	if err := inBulk(names, func(c []*ent.AdvisoryNameCreate) error { return s.tx.AdvisoryName.CreateBulk(c...).Exec(ctx) }); err != nil {
		return err
	}
	if err := inBulk(ranges, func(c []*ent.AffectedRangeCreate) error { return s.tx.AffectedRange.CreateBulk(c...).Exec(ctx) }); err != nil {
		return err
	}
	return inBulk(links, func(c []*ent.TechnologyAdvisoryCreate) error {
		return s.tx.TechnologyAdvisory.CreateBulk(c...).Exec(ctx)
	})
}

// advisoryNames clears what hangs on the touched advisories, and gives their names
// anew: those that an advisory of a newer day holds stay with it.
func (s *seeder) advisoryNames(ctx context.Context, touched map[int64]catalog.Advisory) ([]*ent.AdvisoryNameCreate, error) {
	if err := s.unrelateAdvisories(ctx, slices.Collect(maps.Keys(touched))); err != nil {
		return nil, err
	}
	held, err := s.tx.AdvisoryName.Query().Select(advisoryname.FieldName).Strings(ctx)
	if err != nil {
		return nil, err
	}
	isHeld := make(map[string]bool, len(held))
	for _, name := range held {
		isHeld[name] = true
	}
	var names []*ent.AdvisoryNameCreate
	for id, r := range touched {
		for _, name := range distinct(append([]string{r.Identifier}, r.Aliases...), strings.ToUpper) {
			if !isHeld[name] {
				isHeld[name] = true
				names = append(names, s.tx.AdvisoryName.Create().SetAdvisoryID(id).SetName(name))
			}
		}
	}
	return names, nil
}

// unrelateAdvisories leaves what concerns technologies that the files dropped.
func (s *seeder) unrelateAdvisories(ctx context.Context, ids []int64) error {
	if _, err := s.tx.AdvisoryName.Delete().Where(among(advisoryname.FieldAdvisoryID, ids)).Exec(ctx); err != nil {
		return err
	}
	_, err := s.tx.AffectedRange.Delete().
		Where(among(affectedrange.FieldAdvisoryID, ids), s.ofFiles(affectedrange.FieldTechnologyID)).Exec(ctx)
	if err != nil {
		return err
	}
	_, err = s.tx.TechnologyAdvisory.Delete().
		Where(among(technologyadvisory.FieldAdvisoryID, ids), s.ofFiles(technologyadvisory.FieldTechnologyID)).Exec(ctx)
	return err
}

func (s *seeder) affected(advisory, technology int64, position int, a catalog.AffectedRange) *ent.AffectedRangeCreate {
	c := s.tx.AffectedRange.Create().SetAdvisoryID(advisory).SetTechnologyID(technology).SetPosition(position).
		SetVersions(orEmpty(a.Versions)).SetIsDecidable(!a.IsUndecidable)
	m := c.Mutation()
	setOrClear(a.Package, m.SetPackage, m.ClearPackage)
	setOrClear(a.Ecosystem, m.SetEcosystem, m.ClearEcosystem)
	setOrClear(a.Introduced, m.SetIntroduced, m.ClearIntroduced)
	setOrClear(a.Fixed, m.SetFixed, m.ClearFixed)
	setOrClear(a.LastAffected, m.SetLastAffected, m.ClearLastAffected)
	return c
}
