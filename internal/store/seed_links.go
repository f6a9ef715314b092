package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"stackyard/ent"
	"stackyard/ent/integration"
	"stackyard/ent/integrationside"
	"stackyard/ent/knownpackage"
	"stackyard/internal/catalog"
	"stackyard/internal/text"
)

func (s *seeder) seedPackages(ctx context.Context) error {
	var known []catalog.Package
	for _, p := range s.files.Packages {
		if _, isThere := s.technologies[p.Technology]; isThere {
			known = append(known, p)
		}
	}
	set := func(m *ent.KnownPackageMutation, r catalog.Package, digest string) {
		m.SetTechnologyID(s.technologies[r.Technology])
		m.SetEcosystem(r.Ecosystem)
		m.SetName(r.Name)
		m.SetPurl(r.PURL)
		m.SetFileDigest(digest)
	}
	_, err := seed(ctx, s, kind[catalog.Package]{
		table:    "known_packages",
		records:  known,
		key:      func(r catalog.Package) string { return r.Ecosystem + "/" + r.Name },
		existing: "SELECT id, ecosystem || '/' || name, file_digest, 0, '[]' FROM known_packages",
		create: func(ctx context.Context, records []catalog.Package, digests []string) ([]int64, error) {
			rows, err := s.tx.KnownPackage.MapCreateBulk(records, func(c *ent.KnownPackageCreate, i int) {
				set(c.Mutation(), records[i], digests[i])
			}).Save(ctx)
			return idsOf(rows, func(r *ent.KnownPackage) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r catalog.Package, digest string, _ []string) error {
			u := s.tx.KnownPackage.UpdateOneID(id)
			set(u.Mutation(), r, digest)
			return u.Exec(ctx)
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			n, err := s.tx.KnownPackage.Delete().Where(knownpackage.ID(id), s.ofFiles(knownpackage.FieldTechnologyID)).Exec(ctx)
			return n > 0, err
		},
	})
	return err
}

func (s *seeder) seedIntegrations(ctx context.Context) error {
	var known []catalog.Integration
	for _, r := range s.files.Integrations {
		if _, _, _, ok := s.ends(r); ok {
			known = append(known, r)
		}
	}
	touched := map[int64]catalog.Integration{}
	_, err := seed(ctx, s, kind[catalog.Integration]{
		entity:  ent.TypeIntegration,
		table:   "integrations",
		records: known,
		key: func(r catalog.Integration) string {
			return fmt.Sprintf("%s/%s%s/%s", r.From, r.ToTechnology, r.ToTool, r.Area)
		},
		existing: "SELECT i.id, " + fileKeyOf("f") + " || '/' || COALESCE(" + fileKeyOf("t") + `, o.slug) || '/' || i.area, i.file_digest, 0, '[]'
			FROM integrations i JOIN technologies f ON f.id = i.from_id
			LEFT JOIN technologies t ON t.id = i.to_technology_id LEFT JOIN tools o ON o.id = i.to_tool_id`,
		create: func(ctx context.Context, records []catalog.Integration, digests []string) ([]int64, error) {
			rows, err := s.tx.Integration.MapCreateBulk(records, func(c *ent.IntegrationCreate, i int) {
				s.setIntegration(c.Mutation(), records[i], digests[i])
			}).Save(ctx)
			for i, row := range rows {
				touched[row.ID] = records[i]
			}
			return idsOf(rows, func(r *ent.Integration) int64 { return r.ID }), err
		},
		update: func(ctx context.Context, id int64, r catalog.Integration, digest string, _ []string) error {
			u := s.tx.Integration.UpdateOneID(id)
			s.setIntegration(u.Mutation(), r, digest)
			touched[id] = r
			return u.Exec(ctx)
		},
		again: func(id int64, r catalog.Integration) {
			if s.renamed {
				touched[id] = r
			}
		},
		remove: func(ctx context.Context, id int64) (bool, error) {
			n, err := s.tx.Integration.Delete().Where(integration.ID(id), s.ofFiles(integration.FieldFromID),
				integration.Or(integration.ToTechnologyIDIsNil(), s.ofFiles(integration.FieldToTechnologyID))).Exec(ctx)
			return n > 0, err
		},
	})
	if err != nil {
		return err
	}
	return s.seedSides(ctx, touched)
}

// ends gives the ids of an integration's two ends; not ok where a person has deleted one.
func (s *seeder) ends(r catalog.Integration) (from int64, technology, tool *int64, ok bool) {
	from, ok = s.technologies[r.From]
	if !ok {
		return 0, nil, nil, false
	}
	if id, isTechnology := s.technologies[r.ToTechnology]; isTechnology {
		return from, &id, nil, true
	}
	id, isTool := s.tools[r.ToTool]
	return from, nil, &id, isTool
}

func (s *seeder) setIntegration(m *ent.IntegrationMutation, r catalog.Integration, digest string) {
	from, technology, tool, _ := s.ends(r)
	m.SetFromID(from)
	setSome(technology, m.SetToTechnologyID, m.ClearToTechnologyID)
	setSome(tool, m.SetToToolID, m.ClearToToolID)
	m.SetArea(r.Area)
	m.SetSupport(r.Support)
	setOrClear(r.Note, m.SetNote, m.ClearNote)
	m.SetFileDigest(digest)
}

// seedSides writes anew how the technologies at both ends see the touched integrations.
func (s *seeder) seedSides(ctx context.Context, touched map[int64]catalog.Integration) error {
	names := map[string]string{}
	for _, t := range s.files.Technologies {
		names[t.Slug] = t.Name
	}
	for _, t := range s.files.Tools {
		names[t.Slug] = t.Name
	}
	if len(touched) == 0 {
		return nil
	}
	integrations := slices.Collect(maps.Keys(touched))
	if _, err := s.tx.IntegrationSide.Delete().Where(among(integrationside.FieldIntegrationID, integrations)).Exec(ctx); err != nil {
		return err
	}
	var sides []*ent.IntegrationSideCreate
	for id, r := range touched {
		from, technology, _, _ := s.ends(r)
		side := func(of int64, other string) {
			sides = append(sides, s.tx.IntegrationSide.Create().SetTechnologyID(of).SetIntegrationID(id).
				SetArea(r.Area).SetNameKey(text.Key(names[other])))
		}
		side(from, r.ToTechnology+r.ToTool)
		if technology != nil {
			side(*technology, r.From)
		}
	}
	if err := inBulk(sides, func(c []*ent.IntegrationSideCreate) error { return s.tx.IntegrationSide.CreateBulk(c...).Exec(ctx) }); err != nil {
		return err
	}
	return refreshSides(ctx, s.tx, s.dialect, slices.Collect(maps.Values(s.technologies))) // a person may have given another name
}
