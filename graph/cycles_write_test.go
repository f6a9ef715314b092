package graph_test

import (
	"maps"
	"strings"
	"testing"

	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

const shownCycle = `releaseCycle { activeSupportUntil asOf codename endOfLifeOn extendedSupportUntil isEndOfLife isLongTerm latestReleasedOn latestVersion
	longTermFrom name releasedOn revision source { slug } status }`

func TestAReleaseCycleIsAddedAndCorrected(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		cora, id := a.curator(), a.idOf("gqlgen")
		for _, c := range []struct {
			what string
			in   input
			want string
			log  string
		}{
			{
				"a name alone",
				input{"name": " 9 "},
				"null 2026-11-22 null null null false false null null null 9 null 1 null UNKNOWN", "CREATED RELEASE_CYCLE 9",
			},
			{
				"every field",
				input{
					"name": "9", "expectedRevision": 1, "codename": "Nine", "releasedOn": "2026-01-01", "isLongTerm": true, "longTermFrom": "2026-02-01", "activeSupportUntil": "2026-03-01",
					"endOfLifeOn": "2026-12-31", "isEndOfLife": false, "extendedSupportUntil": "2027-12-31", "latestVersion": "9.1", "latestReleasedOn": "2026-01-02",
				},
				"2026-03-01 2026-11-22 Nine 2026-12-31 2027-12-31 false true 2026-01-02 9.1 2026-02-01 9 2026-01-01 2 null SECURITY_ONLY",
				"UPDATED RELEASE_CYCLE 9 activeSupportUntil codename endOfLifeOn extendedSupportUntil isLongTerm latestReleasedOn latestVersion longTermFrom releasedOn",
			},
			{
				"what it is already",
				input{"name": "9", "codename": "Nine ", "isLongTerm": true, "isEndOfLife": false, "endOfLifeOn": "2026-12-31"},
				"2026-03-01 2026-11-22 Nine 2026-12-31 2027-12-31 false true 2026-01-02 9.1 2026-02-01 9 2026-01-01 2 null SECURITY_ONLY", "",
			},
			{
				"an end without a day, and no long-term support",
				input{"name": "9", "endOfLifeOn": nil, "isEndOfLife": true, "isLongTerm": false, "extendedSupportUntil": nil},
				"2026-03-01 2026-11-22 Nine null null true false 2026-01-02 9.1 null 9 2026-01-01 3 null END_OF_LIFE",
				"UPDATED RELEASE_CYCLE 9 endOfLifeOn extendedSupportUntil isEndOfLife isLongTerm longTermFrom",
			},
			{
				"no day, as before",
				input{"name": "9", "endOfLifeOn": nil},
				"2026-03-01 2026-11-22 Nine null null true false 2026-01-02 9.1 null 9 2026-01-01 3 null END_OF_LIFE", "",
			},
			{
				"a day instead of the flag; long-term support from a day",
				input{"name": "9", "endOfLifeOn": "2027-12-31", "longTermFrom": "2026-02-02"},
				"2026-03-01 2026-11-22 Nine 2027-12-31 null false true 2026-01-02 9.1 2026-02-02 9 2026-01-01 4 null SECURITY_ONLY",
				"UPDATED RELEASE_CYCLE 9 endOfLifeOn isEndOfLife isLongTerm longTermFrom",
			},
			{
				"everything taken back",
				input{
					"name": "9", "codename": nil, "releasedOn": nil, "isLongTerm": nil, "activeSupportUntil": nil, "endOfLifeOn": nil,
					"isEndOfLife": nil, "latestVersion": nil, "latestReleasedOn": nil,
				},
				"null 2026-11-22 null null null false false null null null 9 null 5 null UNKNOWN",
				"UPDATED RELEASE_CYCLE 9 activeSupportUntil codename endOfLifeOn isLongTerm latestReleasedOn latestVersion longTermFrom releasedOn",
			},
		} {
			c.in["technologyId"] = id
			want := []string{c.log}
			if c.log == "" {
				want = nil
			}
			a.logs(c.what, func() {
				if got := cora.did("setReleaseCycle", shownCycle, c.in); got != c.want {
					t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
				}
			}, want...)
		}
		if got := a.values(`{ technology(slug: "gqlgen") { revision releaseCycle(version: "9.9.9") { name } } }`, nil); got != "9 1" {
			t.Errorf("the cycle of a version is %s", got)
		}
	})
}

func TestFaultsOfReleaseCycles(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		cora, id := a.curator(), a.idOf("gqlgen")
		cora.does("setReleaseCycle", input{
			"technologyId": id, "name": "9", "releasedOn": "2026-01-01", "longTermFrom": "2026-02-01", "activeSupportUntil": "2026-03-01",
			"endOfLifeOn": "2026-04-01", "extendedSupportUntil": "2026-05-01", "latestVersion": "9.1", "latestReleasedOn": "2026-01-02",
		})
		for _, c := range []struct {
			in   input
			want string
		}{
			{input{"name": " "}, "REQUIRED input.name"},
			{input{"name": "a\u0000"}, "INVALID input.name"},
			{input{"name": strings.Repeat("9", 101)}, "TOO_LONG input.name"},
			{input{"codename": strings.Repeat("é", 101)}, "TOO_LONG input.codename"},
			{input{"codename": offText}, "INVALID input.codename"},
			{input{"latestVersion": strings.Repeat("9", 101)}, "TOO_LONG input.latestVersion, INVALID input.latestReleasedOn"},
			{input{"latestVersion": nil}, "INVALID input.latestReleasedOn"},
			{input{"releasedOn": "2026-02-02"}, "INVALID input.releasedOn"},
			{input{"releasedOn": "2026-03-02", "longTermFrom": nil, "latestReleasedOn": nil}, "INVALID input.releasedOn"},
			{input{"activeSupportUntil": "2025-12-31"}, "INVALID input.activeSupportUntil"},
			{input{"activeSupportUntil": "2026-04-02"}, "INVALID input.activeSupportUntil"},
			{input{"endOfLifeOn": "2026-02-28"}, "INVALID input.endOfLifeOn"},
			{input{"endOfLifeOn": "2026-05-02"}, "INVALID input.endOfLifeOn"},
			{input{"extendedSupportUntil": "2026-03-31"}, "INVALID input.extendedSupportUntil"},
			{input{"latestReleasedOn": "2025-12-31"}, "INVALID input.latestReleasedOn"},
			{input{"longTermFrom": "2025-12-31"}, "INVALID input.longTermFrom"},
			{input{"longTermFrom": "2026-04-02"}, "INVALID input.longTermFrom"},
			{input{"isLongTerm": false, "longTermFrom": "2026-02-01"}, "INVALID input.isLongTerm"},
			{input{"isEndOfLife": false}, "INVALID input.isEndOfLife"},
			{input{"endOfLifeOn": "2026-11-22", "extendedSupportUntil": nil, "isEndOfLife": true}, "INVALID input.isEndOfLife"},
			{input{"name": "10", "releasedOn": "2026-01-02", "endOfLifeOn": "2026-01-01"}, "INVALID input.endOfLifeOn"},
			{input{"expectedRevision": 2, "codename": "Nine"}, "CONFLICT input.expectedRevision"},
			{input{"name": "10", "expectedRevision": 1}, "CONFLICT input.expectedRevision"},
			{input{"technologyId": nobodys(relay.TypeTechnology)}, "NOT_FOUND input.technologyId"},
			{input{"technologyId": nobodys(relay.TypeReleaseCycle)}, "NOT_FOUND input.technologyId"},
		} {
			in := input{"technologyId": id, "name": "9"}
			maps.Copy(in, c.in)
			a.logs("what is refused", func() {
				if got := cora.rejects("setReleaseCycle", in); got != c.want {
					t.Errorf("%v: %s, want %s", c.in, got, c.want)
				}
			})
		}
		for _, id := range []string{nobodys(relay.TypeReleaseCycle), id} {
			if got := cora.rejects("deleteReleaseCycle", input{"releaseCycleId": id}); got != "NOT_FOUND input.releaseCycleId" {
				t.Errorf("deleting nothing: %s", got)
			}
		}
		for mutation, in := range map[string]input{"setReleaseCycle": {"technologyId": id, "name": "10"}, "deleteReleaseCycle": {"releaseCycleId": nobodys(relay.TypeReleaseCycle)}} {
			if got := a.as(named("ann")).outcome(mutation, in); got != "FORBIDDEN" {
				t.Errorf("%s without the scope: %s", mutation, got)
			}
		}
	})
}

func TestAReleaseCycleIsDeletedUnlessAStackIsOnIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		cora, id := a.curator(), a.idOf("gqlgen")
		cycles := map[string]string{}
		for _, name := range []string{"9", "9.1", "10"} {
			cycles[name] = cora.does("setReleaseCycle", input{"technologyId": id, "name": name})
		}
		cycles["8"] = cora.does("setReleaseCycle", input{"technologyId": id, "name": "8", "codename": "Octopus"})
		write(t, db, func(w rows) {
			p := w.project(w.organization("secret", w.user("olga")), "secret", enum.VisibilityPrivate)
			w.runs(p, w.technology("gqlgen"), "gqlgen", "v9.1.4")
			w.runs(p, w.technology("gqlgen"), "gqlgen", "unknown")
			w.runs(p, w.technology("gqlgen"), "gqlgen", "octopus")
			w.runs(p, nil, "else", "10.0")
		})
		for _, name := range []string{"9.1", "8"} {
			if got := cora.rejects("deleteReleaseCycle", input{"releaseCycleId": cycles[name]}); got != "IN_USE input.releaseCycleId" {
				t.Errorf("%s, which a stack is on: %s", name, got)
			}
		}
		for _, name := range []string{"10", "9"} {
			a.logs("deleting "+name, func() {
				if got := cora.does("deleteReleaseCycle", input{"releaseCycleId": cycles[name]}); got != cycles[name] {
					t.Errorf("%s: %s", name, got)
				}
			}, "DELETED RELEASE_CYCLE")
		}
		if got := a.values(`{ technology(slug: "gqlgen") { releaseCycle(version: "10") { name } } }`, nil); got != "null" {
			t.Errorf("version 10 is of %s", got)
		}
	})
}
