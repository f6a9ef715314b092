package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"github.com/github/go-spdx/v2/spdxexp"

	"stackyard/ent"
	"stackyard/ent/technology"
	"stackyard/ent/technologyname"
	"stackyard/ent/technologytag"
	"stackyard/internal/text"
)

// Tags by which technologies are filtered.
const (
	TagHosting    = "hosting"
	TagCapability = "capability"
	TagLanguage   = "language"
	TagLicense    = "license"
)

// derivedVersion is raised by hand whenever the code changes what it derives from
// a technology, so that the next start derives it anew.
const derivedVersion = 1

// reindexAll is reindex for every technology.
func reindexAll(ctx context.Context, tx *ent.Tx, flavour string) error {
	ids, err := tx.Technology.Query().IDs(ctx)
	if err != nil {
		return err
	}
	return reindex(ctx, tx, flavour, ids)
}

// Reindex writes anew what is derived from technologies: names, tags, the
// full-text index, the sort keys that links carry. Whoever writes a technology
// calls it in the same Write.
func Reindex(ctx context.Context, tx *ent.Tx, ids ...int64) error {
	if err := reindex(ctx, tx, recorderOf(ctx).dialect, ids); err != nil {
		return fmt.Errorf("indexing technologies: %w", err)
	}
	return nil
}

// reindex writes anew what is derived from technologies: their names, their
// tags, the full-text index, and the sort keys that links carry.
func reindex(ctx context.Context, tx *ent.Tx, flavour string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.Technology.Query().Where(technology.IDIn(ids...)).All(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.TechnologyName.Delete().Where(technologyname.TechnologyIDIn(ids...)).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.TechnologyTag.Delete().Where(technologytag.TechnologyIDIn(ids...)).Exec(ctx); err != nil {
		return err
	}
	var names []*ent.TechnologyNameCreate
	var tags []*ent.TechnologyTagCreate
	for _, t := range rows {
		for _, name := range distinct(append([]string{t.Slug, t.Name}, t.Aliases...), text.Fold) {
			names = append(names, tx.TechnologyName.Create().SetTechnologyID(t.ID).SetName([]byte(name)))
		}
		for kind, values := range tagsOf(t) {
			for _, v := range distinct(values, func(s string) string { return s }) {
				tags = append(tags, tx.TechnologyTag.Create().SetTechnologyID(t.ID).SetKind(kind).SetValue(v))
			}
		}
		if err := indexWords(ctx, tx, flavour, t); err != nil {
			return fmt.Errorf("indexing %s: %w", t.Slug, err)
		}
	}
	if err := inBulk(names, func(c []*ent.TechnologyNameCreate) error { return tx.TechnologyName.CreateBulk(c...).Exec(ctx) }); err != nil {
		return err
	}
	if err := inBulk(tags, func(c []*ent.TechnologyTagCreate) error { return tx.TechnologyTag.CreateBulk(c...).Exec(ctx) }); err != nil {
		return err
	}
	return refreshLinks(ctx, tx, flavour, ids)
}

// distinct gives the forms of the values, each once.
func distinct(values []string, form func(string) string) []string {
	var out []string
	for _, v := range values {
		if f := form(v); f != "" && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

func tagsOf(t *ent.Technology) map[string][]string {
	hosting := make([]string, len(t.Hosting))
	for i, h := range t.Hosting {
		hosting[i] = string(h)
	}
	tags := map[string][]string{TagHosting: hosting, TagCapability: t.Capabilities, TagLanguage: t.Languages}
	if t.LicenseExpression != nil {
		if licenses, err := spdxexp.ExtractLicenses(*t.LicenseExpression); err == nil {
			tags[TagLicense] = licenses
		}
	}
	return tags
}

// indexWords writes a technology's entry in the full-text index.
func indexWords(ctx context.Context, tx *ent.Tx, flavour string, t *ent.Technology) error {
	name := text.Words(strings.Join(append([]string{t.Name, t.Slug}, t.Aliases...), " "))
	summary := text.Words(t.Summary)
	var body []string
	if t.Description != nil {
		body = text.Words(*t.Description)
	}
	if flavour == dialect.Postgres {
		_, err := tx.ExecContext(ctx, `INSERT INTO technology_search (technology_id, name, summary, words)
			VALUES ($1, array_to_tsvector($2::text[]), array_to_tsvector($3::text[]), array_to_tsvector($4::text[]))
			ON CONFLICT (technology_id) DO UPDATE SET name = excluded.name, summary = excluded.summary, words = excluded.words`,
			t.ID, name, slices.Concat(name, summary), slices.Concat(name, summary, body))
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO technology_search (rowid, name, summary, body) VALUES (?, ?, ?, ?)`,
		t.ID, strings.Join(name, " "), strings.Join(summary, " "), strings.Join(body, " "))
	return err
}

// refreshLinks copies the technologies' sort keys to the links that carry them.
func refreshLinks(ctx context.Context, tx *ent.Tx, flavour string, ids []int64) error {
	if err := refreshSortKeys(ctx, tx, flavour, ids); err != nil {
		return err
	}
	return refreshSides(ctx, tx, flavour, ids)
}

// refreshSides orders integrations by the names of their other ends.
func refreshSides(ctx context.Context, tx *ent.Tx, flavour string, ids []int64) error {
	err := updateFrom(ctx, tx, flavour, ids, `UPDATE integration_sides SET name_key = t.name_key
		FROM integrations i, technologies t WHERE i.id = integration_sides.integration_id
		AND t.id = CASE WHEN integration_sides.technology_id = i.from_id THEN i.to_technology_id ELSE i.from_id END`)
	if err != nil {
		return fmt.Errorf("refreshing integration_sides: %w", err)
	}
	return nil
}

// refreshSortKeys copies what technologies are ordered by to the lists they stand in.
func refreshSortKeys(ctx context.Context, tx *ent.Tx, flavour string, ids []int64) error {
	for _, table := range []string{"technology_categories", "technology_use_cases"} {
		err := updateFrom(ctx, tx, flavour, ids, `UPDATE `+table+` SET name_key = t.name_key, updated_at = t.updated_at,
			first_release_year = t.first_release_year, rating_average = t.rating_average
			FROM technologies t WHERE t.id = `+table+`.technology_id`)
		if err != nil {
			return fmt.Errorf("refreshing %s: %w", table, err)
		}
	}
	return nil
}

// updateFrom runs an update from technologies t, for those of the ids.
func updateFrom(ctx context.Context, tx *ent.Tx, flavour string, ids []int64, statement string) error {
	among := In("t.id", ids)
	among.SetDialect(flavour)
	condition, args := among.Query()
	_, err := tx.ExecContext(ctx, statement+" AND "+condition, args...)
	return err
}
