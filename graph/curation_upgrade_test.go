package graph_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"stackyard/ent"
	"stackyard/ent/technology"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// upgrade brings a newer embedded catalogue: today's with a change.
func upgrade(t *testing.T, db *store.DB, digest string, change func(f *catalog.Catalog)) store.SeedReport {
	t.Helper()
	f, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	change(f)
	report, err := db.SeedFrom(t.Context(), f, digest, storetest.Today.AddDate(0, 1, 0))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// of gives a technology of the files.
func of(f *catalog.Catalog, slug string) *catalog.Technology {
	return &f.Technologies[slices.IndexFunc(f.Technologies, func(t catalog.Technology) bool { return t.Slug == slug })]
}

func TestWhatCuratorsSaySurvivesANewerCatalogue(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		cora, nodejs := a.curator(), a.idOf("nodejs")
		cora.does("updateTechnology", input{
			"technologyId": nodejs, "slug": "node", "name": "Node", "homepage": nil, "categories": []any{"api-development"}, "useCases": []any{}, "aliases": []any{},
		})
		cora.does("setReleaseCycle", input{"technologyId": nodejs, "name": "22", "endOfLifeOn": "2030-01-01"})
		added := cora.does("setReleaseCycle", input{"technologyId": nodejs, "name": "99", "releasedOn": "2026-11-01"})
		cora.does("createTechnology", input{"slug": "yarddb", "name": "YardDB", "summary": "Planks.", "categories": []any{"databases"}})
		a.logs("the newer catalogue", func() {
			upgrade(t, db, "newer", func(f *catalog.Catalog) {
				n := of(f, "nodejs")
				n.Name, n.Homepage, n.Categories, n.UseCases, n.Aliases, n.Steward = "NODE", "https://of.files", []string{"frameworks"}, []string{"api-first"}, []string{"noddy"}, "Files"
				for i := range n.ReleaseCycles {
					if c := &n.ReleaseCycles[i]; c.Name == "22" {
						day, _ := calendar.ParseDay("2029-01-01")
						c.EndOfLifeOn, c.LatestVersion = &day, "22.99.0"
					}
				}
				yard := *of(f, "mysql") // which the files come to know, too
				yard.Slug, yard.Name, yard.Summary, yard.ReleaseCycles, yard.Aliases = "yarddb", "Of the files", "Of the files", nil, nil
				yard.AsOf = calendar.DayOf(storetest.Today) // of the day on which cora added it
				f.Technologies = append(f.Technologies, yard)
			})
		}, "UPDATED RELEASE_CYCLE 22 latestVersion", "UPDATED TECHNOLOGY node steward",
			"UPDATED TECHNOLOGY yarddb alternatives capabilities description documentation firstReleaseYear homepage hosting identifiers "+
				"license releasePolicy repository source steward useCases versionCommand writtenIn")
		got := a.values(`{
			a: node(id: "`+nodejs+`") { ... on Technology { slug name homepage categories { slug } useCases { slug } aliases steward releaseCycle(version: "22") { endOfLifeOn latestVersion } } }
			b: node(id: "`+added+`") { ... on ReleaseCycle { name } }
			c: technology(slug: "yarddb") { name summary categories { slug } }
		}`, nil)
		if want := "api-development null Node 2030-01-01 22.99.0 node Files 99 databases YardDB Planks."; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestWhatCuratorsDeleteDoesNotComeBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		cora := a.curator()
		var used *ent.Technology
		write(t, db, func(w rows) { // one that nobody succeeded or requires
			w.unlink()
			used = w.technology("nodejs")
			_, err := w.tx.VersionRequirement.Delete().Exec(w.ctx)
			w.must(err)
			w.alternative(w.technology("deno"), used, 9)
			w.integration(used, enum.AreaData, w.technology("postgresql"), nil)
			w.concern("nodejs", w.technology("deno")) // so that ranges of others are left
		})
		id := used.GlobalID().String()
		if got := cora.does("deleteReleaseCycle", input{"releaseCycleId": a.values(`{ technology(slug: "deno") { releaseCycle(version: "2.5") { id } } }`, nil)}); got == "null" {
			t.Error("no cycle was deleted")
		}
		cora.does("updateTechnology", input{"technologyId": id, "slug": "node"})
		if got := cora.does("deleteTechnology", input{"technologyId": id}); got != id {
			t.Errorf("got %s, want %s", got, id)
		}
		report := upgrade(t, db, "newer", func(f *catalog.Catalog) { of(f, "nodejs").Summary, of(f, "deno").Summary = "New", "New" })
		if report.Kept < 2 {
			t.Errorf("%+v", report)
		}
		got := a.values(`{ a: technology(slug: "node") { id } b: technology(slug: "nodejs") { id } c: technology(slug: "deno") { releaseCycle(version: "2.5") { id } summary }
			d: technologies(filter: { search: "nodejs", slugs: ["nodejs", "node"] }) { totalCount } }`, nil)
		if want := "null null null New 0"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		n, err := db.Read().Technology.Query().Where(technology.ID(used.ID)).Count(context.Background())
		if err != nil || n > 0 {
			t.Errorf("%d technologies have its key, %v", n, err)
		}
	})
}

func TestADeletionIsLoggedWithAllThatGoesWithIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		cora := a.as(named("cora", auth.ScopeCatalogWrite))
		id := cora.does("createTechnology", input{"slug": "yarddb", "name": "YardDB", "summary": "Planks.", "categories": []any{"databases"}})
		cora.does("setReleaseCycle", input{"technologyId": id, "name": "1"})
		cora.does("createReview", input{"technologyId": id, "rating": 5})
		write(t, db, func(w rows) {
			yard, advisory := w.technology("yarddb"), w.tx.Advisory.Query().FirstX(w.ctx)
			w.alternative(w.technology("mysql"), yard, 90)
			w.integration(w.technology("nodejs"), enum.AreaData, yard, nil)
			w.must(w.tx.AffectedRange.Create().SetAdvisoryID(advisory.ID).SetTechnologyID(yard.ID).SetPosition(90).Exec(w.ctx))
			w.must(w.tx.Advisory.UpdateOne(advisory).SetIdentifier("X-1").Exec(w.ctx))
		})
		a.logs("deleting it", func() { cora.does("deleteTechnology", input{"technologyId": id}) },
			"UPDATED ADVISORY X-1 affected", "DELETED INTEGRATION", "DELETED RELEASE_CYCLE", "DELETED REVIEW",
			"UPDATED TECHNOLOGY mysql alternatives", "DELETED TECHNOLOGY")
		if got := cora.rejects("deleteTechnology", input{"technologyId": id}); got != "NOT_FOUND input.technologyId" {
			t.Errorf("deleting it again: %s", got)
		}
	})
}

func TestWhatOthersDependOnIsNotDeleted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		cora := a.curator()
		add := func(slug string) string {
			return cora.does("createTechnology", input{"slug": slug, "name": slug, "summary": "S.", "categories": []any{"databases"}})
		}
		ids := map[string]string{}
		for _, slug := range []string{"reviewed", "hidden", "stacked", "required", "succeeding", "alone"} {
			ids[slug] = add(slug)
		}
		var components []string
		write(t, db, func(w rows) {
			w.review(w.technology("reviewed"), w.user("ann"), 1, false)
			w.review(w.technology("hidden"), w.known("ann"), 1, true)
			w.successor(w.technology("mysql"), w.technology("succeeding"), 9)
			w.must(w.tx.VersionRequirement.Create().SetReleaseCycleID(w.cycles("nodejs")[0].ID).SetTechnologyID(w.technology("required").ID).
				SetKind(enum.RequirementMinimum).SetAsPublished("1").SetPosition(9).Exec(w.ctx))
			p := w.project(w.organization("secret", w.user("olga")), "secret", enum.VisibilityPrivate)
			components = append(components, w.runs(p, w.technology("stacked"), "stacked", "1").GlobalID().String())
		})
		for slug, id := range ids {
			want := "IN_USE input.technologyId"
			if slug == "alone" {
				want = "done"
			}
			if got := cora.outcome("deleteTechnology", input{"technologyId": id}); got != want {
				t.Errorf("deleting the one that is %s: %s, want %s", slug, got, want)
			}
		}
		if len(components) != 1 {
			t.Error("the stack lost its component")
		}
	})
}

// Either the stack is first, and keeps the technology, or the deletion is, and
// the stack has a component that nobody knows.
func TestADeletionAndAStackAtOnceComeOneAfterTheOther(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		cora, olga := a.curator(), a.as(named("olga"))
		var secret string
		write(t, db, func(w rows) { secret = w.organization("secret", w.user("olga")).GlobalID().String() })
		for i := range 6 {
			slug := fmt.Sprint("at-once-", i)
			id := cora.does("createTechnology", input{"slug": slug, "name": slug, "summary": "S.", "categories": []any{"databases"}})
			var deleting, stacking string
			var both sync.WaitGroup
			both.Go(func() { deleting = cora.outcome("deleteTechnology", input{"technologyId": id}) })
			both.Go(func() {
				stacking = olga.outcome("createProject", input{"organizationId": secret, "slug": slug, "name": slug, "visibility": "PRIVATE", "stack": []any{input{"technology": slug}}})
			})
			both.Wait()
			got := deleting + " " + stacking + " " + olga.values(`{ organization(slug: "secret") { projects(filter: { search: "`+slug+`" }) { nodes { stack { nodes { technology { slug } } } } } } }`, nil)
			if got != "done done null" && got != "IN_USE input.technologyId done "+slug {
				t.Errorf("%s", got)
			}
		}
	})
}
