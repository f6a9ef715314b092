package advice

import (
	"strings"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
)

var today = day("2026-11-22")

func day(s string) calendar.Day {
	d, err := calendar.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// on is a day that may be unknown.
func on(s string) *calendar.Day {
	if s == "" {
		return nil
	}
	d := day(s)
	return &d
}

// cycle is a release cycle of facts of today; until is its end of life.
func cycle(name, latest, released, until string) Cycle {
	return Cycle{
		Cycle: lifecycle.Cycle{ReleasedOn: on(released), EndOfLifeOn: on(until)},
		Name:  name, LatestVersion: latest, LatestReleasedOn: on(released), AsOf: today,
	}
}

// advisory concerns the versions from introduced to before fixed.
func advisory(identifier string, severity enum.Severity, introduced, fixed string) Advisory {
	return Advisory{
		Identifier: identifier, Severity: severity, AsOf: today,
		Ranges: []Range{{Introduced: introduced, Fixed: fixed, IsDecidable: true}},
	}
}

// node is a runtime with a cycle of each kind.
func node() *Technology {
	secure := cycle("24", "24.9.0", "2025-05-06", "2028-04-30")
	secure.ActiveSupportUntil = on("2026-10-20")
	paid := cycle("16", "16.20.2", "2021-04-20", "2023-09-11")
	paid.ExtendedSupportUntil = on("2027-01-31")
	return &Technology{
		Slug: "nodejs", Name: "Node.js", Categories: []string{"languages-runtimes"}, Capabilities: []string{"language-runtime", "async-io"},
		License: "MIT", Steward: "OpenJS Foundation", Alternatives: []Other{{"Deno", "MIT"}, {"Bun", "MIT"}}, VersionCommand: "# print it\nnode --version\n", AsOf: today,
		Cycles: []Cycle{
			cycle("26", "26.2.0", "2026-05-05", "2029-04-30"), secure, cycle("22", "22.12.0", "2024-04-24", "2027-04-30"),
			cycle("20", "20.20.0", "2023-04-18", "2026-04-30"), cycle("18", "18.20.8", "2022-04-19", "2025-04-30"), paid,
		},
	}
}

// library is a technology without cycles that has the capabilities.
func library(slug, category string, capabilities ...string) *Technology {
	return &Technology{Slug: slug, Name: strings.ToUpper(slug[:1]) + slug[1:], Categories: []string{category}, Capabilities: capabilities, License: "MIT", AsOf: today}
}

// of is a component of a technology.
func of(t *Technology, version string) Component {
	return Component{Name: t.Slug, Version: version, Technology: t}
}

// found gives the keys of what is found, with the severity and the version that mends it.
func found(r Result) []string {
	out := []string{}
	for _, f := range r.Findings {
		out = append(out, strings.TrimSpace(strings.Join([]string{string(f.Severity), f.Key(), f.FixedBy}, " ")))
	}
	return out
}

func yes() *bool {
	b := true
	return &b
}
