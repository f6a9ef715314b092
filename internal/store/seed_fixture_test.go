package store_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/ent/migrate"
	"stackyard/ent/releasecycle"
	"stackyard/ent/technology"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

func day(s string) calendar.Day {
	d, err := calendar.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func ptr[T any](v T) *T { return &v }

var (
	filesDay = day("2026-01-01") // of the facts of the files
	newerDay = day("2026-06-01")
)

// files are a small catalogue: alpha works with beta and with a tool, and refers
// to beta in every way there is; beta and gamma stand for themselves.
func files() *catalog.Catalog {
	f := &catalog.Catalog{
		Sources:  []catalog.Source{{Slug: "src", Name: "Source", Homepage: "https://s.example", License: "MIT"}},
		Licenses: []catalog.License{{ID: "MIT", IsOSIApproved: true}},
		Categories: []catalog.Category{
			{Slug: "c1", Name: "C1", Summary: "S", Rationale: "R", Responsibilities: []string{"r"}},
			{Slug: "c2", Name: "C2", Summary: "S", Rationale: "R", Responsibilities: []string{}},
		},
		UseCases: []catalog.UseCase{{Slug: "u1", Name: "U1", Summary: "S", Traits: []string{"t"}}},
		Criteria: []catalog.Criterion{{Slug: "k1", Name: "K1", Question: "?", Guidance: "G"}},
		Mistakes: []catalog.Mistake{{Slug: "m1", Name: "M1", Explanation: "E", Rule: enum.RuleEndOfLife}},
		Tools:    []catalog.Tool{{Slug: "hammer", Name: "Hammer", Area: enum.AreaVersionControl}},
		Integrations: []catalog.Integration{
			{From: "alpha", ToTechnology: "beta", Area: enum.AreaData, Support: enum.SupportNative},
			{From: "alpha", ToTool: "hammer", Area: enum.AreaVersionControl, Support: enum.SupportPlugin},
		},
		Requirements: []catalog.Requirement{{Technology: "alpha", ReleaseCycle: "2", Requires: "beta", Kind: enum.RequirementMinimum, MinVersion: "1", AsPublished: "beta 1"}},
		Packages:     []catalog.Package{{Ecosystem: "npm", Name: "alpha", PURL: "pkg:npm/alpha", Technology: "alpha"}, {Ecosystem: "npm", Name: "beta", PURL: "pkg:npm/beta", Technology: "beta"}},
		Advisories: []catalog.Advisory{{
			Identifier: "CVE-1", Aliases: []string{"GHSA-1"}, Summary: "Bad", Severity: enum.SeverityHigh, PublishedAt: 1, ModifiedAt: 2,
			Affected: []catalog.AffectedRange{{Technology: "alpha", Fixed: "2.1"}, {Technology: "beta", Fixed: "1.1"}}, Source: "src", AsOf: filesDay,
		}},
	}
	for _, slug := range []string{"alpha", "beta", "gamma"} {
		f.Technologies = append(f.Technologies, catalog.Technology{
			Slug: slug, Name: strings.ToUpper(slug), Summary: "Summary of " + slug, Categories: []string{"c1"}, UseCases: []string{"u1"}, License: "MIT",
			FirstReleaseYear: 2000, Hosting: []enum.Hosting{enum.HostingManaged}, Source: "src", AsOf: filesDay,
			ReleaseCycles: []catalog.ReleaseCycle{
				{Name: "2", ReleasedOn: ptr(day("2024-01-01")), EndOfLifeOn: ptr(day("2027-01-01")), Source: "src", AsOf: filesDay},
				{Name: "1", ReleasedOn: ptr(day("2020-01-01")), IsEndOfLife: ptr(true), Source: "src", AsOf: filesDay},
			},
		})
	}
	f.Technologies[0].Alternatives, f.Technologies[0].Successors = []string{"beta", "gamma"}, []string{"beta"}
	return f
}

// changed gives the small catalogue with a change.
func changed(change func(f *catalog.Catalog)) *catalog.Catalog {
	f := files()
	change(f)
	return f
}

// of gives a technology of the files.
func of(f *catalog.Catalog, slug string) *catalog.Technology {
	return &f.Technologies[slices.IndexFunc(f.Technologies, func(t catalog.Technology) bool { return t.Slug == slug })]
}

// drop takes a technology, and what names it, out of the files.
func drop(f *catalog.Catalog, slug string) {
	f.Technologies = slices.DeleteFunc(f.Technologies, func(t catalog.Technology) bool { return t.Slug == slug })
	isIt := func(s string) bool { return s == slug }
	for i := range f.Technologies {
		f.Technologies[i].Alternatives = slices.DeleteFunc(f.Technologies[i].Alternatives, isIt)
		f.Technologies[i].Successors = slices.DeleteFunc(f.Technologies[i].Successors, isIt)
	}
	f.Integrations = slices.DeleteFunc(f.Integrations, func(i catalog.Integration) bool { return i.From == slug || i.ToTechnology == slug })
	f.Requirements = slices.DeleteFunc(f.Requirements, func(r catalog.Requirement) bool { return r.Technology == slug || r.Requires == slug })
	f.Packages = slices.DeleteFunc(f.Packages, func(p catalog.Package) bool { return p.Technology == slug })
	for i := range f.Advisories {
		f.Advisories[i].Affected = slices.DeleteFunc(f.Advisories[i].Affected, func(a catalog.AffectedRange) bool { return a.Technology == slug })
	}
}

var (
	first = storetest.Today
	later = first.Add(24 * time.Hour)
)

// yard is a database that files are seeded into.
type yard struct {
	*store.DB
	t     *testing.T
	seeds int
}

// seeded gives a database that the small catalogue was seeded into.
func seeded(t *testing.T, dialect string) *yard {
	t.Helper()
	y := &yard{DB: storetest.Empty(t, dialect), t: t}
	y.seed(files(), first)
	return y
}

// seed brings files of a digest of their own.
func (y *yard) seed(f *catalog.Catalog, now time.Time) store.SeedReport {
	y.t.Helper()
	y.seeds++
	report, err := y.SeedFrom(y.t.Context(), f, fmt.Sprint("digest", y.seeds), now)
	if err != nil {
		y.t.Fatal(err)
	}
	return report
}

// upgrade brings the small catalogue with a change, a day later.
func (y *yard) upgrade(change func(f *catalog.Catalog)) store.SeedReport {
	y.t.Helper()
	return y.seed(changed(change), later)
}

// by writes as a person or a source would.
func (y *yard) by(change func(ctx context.Context, tx *ent.Tx) error) {
	y.t.Helper()
	if err := y.Write(y.t.Context(), store.Cause{At: later}, change); err != nil {
		y.t.Fatal(err)
	}
}

func (y *yard) technology(slug string) *ent.Technology {
	y.t.Helper()
	row, err := y.Read().Technology.Query().Where(technology.Slug(slug)).Only(y.t.Context())
	if err != nil {
		y.t.Fatalf("technology %s: %v", slug, err)
	}
	return row
}

func (y *yard) cycle(slug, name string) *ent.ReleaseCycle {
	y.t.Helper()
	row, err := y.Read().ReleaseCycle.Query().Where(releasecycle.TechnologyID(y.technology(slug).ID), releasecycle.Name(name)).Only(y.t.Context())
	if err != nil {
		y.t.Fatalf("cycle %s/%s: %v", slug, name, err)
	}
	return row
}

// found gives the slugs of what a search finds.
func (y *yard) found(search string) []string {
	y.t.Helper()
	order := store.Order{{Column: store.Rank}, {Column: "name_key"}, {Column: "id"}}
	list, err := store.NewList(y.Cursors("all"), order, store.Filter{Search: search}, relay.PageArgs{First: ptr(100)})
	if err != nil {
		y.t.Fatal(err)
	}
	rows, err := y.Read().Technology.Query().Where(list.Root()).All(y.t.Context())
	if err != nil {
		y.t.Fatal(err)
	}
	slugs := []string{}
	for _, r := range rows {
		slugs = append(slugs, r.Slug)
	}
	return slugs
}

// column gives the values that a query selects, as one text each.
func (y *yard) column(query string) []string {
	y.t.Helper()
	rows, err := y.Read().QueryContext(y.t.Context(), query)
	if err != nil {
		y.t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		y.t.Fatal(err)
	}
	out := []string{}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			y.t.Fatal(err)
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i] = string(bytes.TrimSpace(b))
			}
		}
		out = append(out, strings.TrimSpace(fmt.Sprintln(values...)))
	}
	if err := rows.Err(); err != nil {
		y.t.Fatal(err)
	}
	return out
}

// contents are all rows of all tables, by table.
func (y *yard) contents() map[string][]string {
	y.t.Helper()
	all := map[string][]string{}
	for _, t := range migrate.Tables {
		all[t.Name] = y.column("SELECT * FROM " + t.Name + " ORDER BY id")
	}
	all["technology_search"] = y.column("SELECT * FROM technology_search ORDER BY 1")
	return all
}

// facts are contents without the keys, the digests and the order in which rows
// came: what remains must not depend on the way by which it came about.
func (y *yard) facts() map[string][]string {
	y.t.Helper()
	const named = "SELECT t.slug, "
	all := map[string][]string{
		"technologies": y.column(named + `t.name, t.aliases, t.summary, t.homepage, t.first_release_year, t.license_expression, t.hosting,
			t.capabilities, t.languages, t.as_of, s.slug FROM technologies t JOIN sources s ON s.id = t.source_id`),
		"names": y.column(named + "n.name FROM technology_names n JOIN technologies t ON t.id = n.technology_id"),
		"tags":  y.column(named + "g.kind, g.value FROM technology_tags g JOIN technologies t ON t.id = g.technology_id"),
		"categories": y.column(named + `c.slug, k.position, k.name_key, k.first_release_year FROM technology_categories k
			JOIN technologies t ON t.id = k.technology_id JOIN categories c ON c.id = k.category_id`),
		"use cases": y.column(named + `c.slug, k.position, k.name_key, k.first_release_year FROM technology_use_cases k
			JOIN technologies t ON t.id = k.technology_id JOIN use_cases c ON c.id = k.use_case_id`),
		"alternatives": y.column(named + "o.slug, a.position FROM alternatives a JOIN technologies t ON t.id = a.technology_id JOIN technologies o ON o.id = a.alternative_id"),
		"successors":   y.column(named + "o.slug, a.position FROM successors a JOIN technologies t ON t.id = a.technology_id JOIN technologies o ON o.id = a.successor_id"),
		"cycles":       y.column(named + "c.name, c.position, c.released_on, c.end_of_life_on, c.end_of_life_passed, c.as_of FROM release_cycles c JOIN technologies t ON t.id = c.technology_id"),
		"requirements": y.column(named + `c.name, o.slug, r.kind, r.min_version, r.position FROM version_requirements r
			JOIN release_cycles c ON c.id = r.release_cycle_id JOIN technologies t ON t.id = c.technology_id JOIN technologies o ON o.id = r.technology_id`),
		"packages":       y.column(named + "p.ecosystem, p.name, p.purl FROM known_packages p JOIN technologies t ON t.id = p.technology_id"),
		"advisories":     y.column("SELECT identifier, aliases, summary, severity, published_at, as_of FROM advisories"),
		"advisory names": y.column("SELECT a.identifier, n.name FROM advisory_names n JOIN advisories a ON a.id = n.advisory_id"),
		"ranges":         y.column(named + "a.identifier, r.fixed, r.position FROM affected_ranges r JOIN technologies t ON t.id = r.technology_id JOIN advisories a ON a.id = r.advisory_id"),
		"concerns":       y.column(named + "a.identifier, r.published_at FROM technology_advisories r JOIN technologies t ON t.id = r.technology_id JOIN advisories a ON a.id = r.advisory_id"),
		"integrations": y.column(`SELECT f.slug, t.slug, o.slug, i.area, i.support, i.note FROM integrations i JOIN technologies f ON f.id = i.from_id
			LEFT JOIN technologies t ON t.id = i.to_technology_id LEFT JOIN tools o ON o.id = i.to_tool_id`),
		"sides": y.column(named + `s.area, s.name_key, f.slug FROM integration_sides s JOIN technologies t ON t.id = s.technology_id
			JOIN integrations i ON i.id = s.integration_id JOIN technologies f ON f.id = i.from_id`),
		"spine": slices.Concat(y.column("SELECT slug, name, position FROM sources"), y.column("SELECT slug, name, position FROM categories"),
			y.column("SELECT slug, name, position FROM use_cases"), y.column("SELECT slug, name, position FROM criteria"),
			y.column("SELECT slug, name, position FROM mistakes"), y.column("SELECT slug, name, area FROM tools")),
		"search": y.column("SELECT name, summary FROM technology_search"),
	}
	for _, rows := range all {
		slices.Sort(rows)
	}
	return all
}
