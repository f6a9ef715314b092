package advice

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// assessed gives the marks by criterion.
func assessed(t *Technology) map[string]Assessment {
	out := map[string]Assessment{}
	for _, a := range Assess(t, today) {
		out[a.Criterion] = *a
	}
	return out
}

func TestWhatIsNotKnownHasNoMark(t *testing.T) {
	for _, a := range Assess(&Technology{Slug: "x", Name: "X"}, today) {
		if a.Score != nil || a.Confidence != 0 || len(a.Evidence) != 0 {
			t.Errorf("%+v", a)
		}
	}
}

func TestMarksRestOnTheirFacts(t *testing.T) {
	store := func(capabilities ...string) *Technology {
		return &Technology{
			Slug: "db", Name: "DB", Categories: []string{"databases"}, Capabilities: append([]string{"relational-database"}, capabilities...),
			Hosting: []enum.Hosting{enum.HostingSelfHosted}, UseCases: []string{"enterprise-high-traffic"},
		}
	}
	managed := store("replication", "automatic-failover", "sharding")
	managed.Hosting = append(managed.Hosting, enum.HostingManaged)
	embedded := store("embedded-database")
	embedded.Hosting = []enum.Hosting{enum.HostingEmbedded}
	surrounded := store()
	surrounded.Integrations = []Integration{{Area: enum.AreaData, With: 1}, {Area: enum.AreaData, With: 2}, {Area: enum.AreaRuntime}}
	maintained := store("encryption-at-rest", "fine-grained-access", "audit-trail")
	maintained.Cycles = []Cycle{cycle("2", "2.1.0", "2024-11-22", "2027-11-22")}
	over := store()
	over.Cycles = []Cycle{cycle("2", "2.1.0", "2014-11-22", "2017-11-22")}
	over.Cycles[0].AsOf = day("2026-08-22")
	stale := store()
	stale.Cycles = []Cycle{cycle("2", "2.1.0", "2024-11-22", "2026-10-22")}
	stale.Cycles[0].AsOf = day("2026-08-22")
	open := store("encryption-at-rest", "fine-grained-access", "audit-trail")
	open.Cycles = maintained.Cycles
	open.Advisories = []Advisory{advisory("CVE-1", enum.SeverityHigh, "", "2.1.0"), advisory("CVE-2", enum.SeverityHigh, "", ""), advisory("CVE-3", enum.SeverityHigh, "", "")}
	open.Advisories[0].PublishedAt = calendar.InstantOf(day("2026-01-01").Time())
	open.Advisories[1].PublishedAt = calendar.InstantOf(day("2026-01-01").Time())
	open.Advisories[2].PublishedAt = calendar.InstantOf(day("2024-01-01").Time()) // long ago
	for _, c := range []struct {
		name        string
		technology  *Technology
		criterion   string
		score, sure int
		first       string
	}{
		{"it spreads by itself and can be had as a service", managed, "scalability", 100, 100, "Of what spreads its data over nodes, it has replication, automatic failover and sharding."},
		{"it copies its data", store("replication"), "scalability", 58, 100, "The catalogue names it for enterprise and high-traffic systems."},
		{"it does nothing of it", store(), "scalability", 40, 100, "Of what spreads its data over nodes, it has none of replication, automatic failover and sharding."},
		{"a library is not asked for more instances", embedded, "scalability", 100, 43, "The catalogue names it for enterprise and high-traffic systems."},
		{"somebody else runs it", managed, "team-expertise", 100, 30, "It can be had as a service, which somebody else operates."},
		{"whoever uses it runs it", store(), "team-expertise", 63, 30, "Whoever uses it operates it."},
		{"three things are known to work with it", surrounded, "team-expertise", 46, 48, "It is known to work with 3 other technologies and tools."},
		{"maintained, for three years, and protected", maintained, "security", 100, 70, "It gets security fixes."},
		{"over", over, "security", 23, 70, "It gets no security fixes any more."},
		{"over since the facts were written down", stale, "security", 45, 26, "Of what protects what it holds, it has none of encryption at rest, fine grained access and audit trail."},
		{"one flaw of two is open", open, "security", 88, 91, "It gets security fixes."},
		{"one use case of three, four capabilities of eight", managed, "project-requirements", 43, 70, "The catalogue names it for 1 use case."},
	} {
		a := assessed(c.technology)[c.criterion]
		if a.Score == nil || *a.Score != c.score || a.Confidence != c.sure || a.Evidence[0] != c.first {
			score := -1
			if a.Score != nil {
				score = *a.Score
			}
			t.Errorf("%s: %d, confidence %d, %q; want %d, %d, %q", c.name, score, a.Confidence, a.Evidence, c.score, c.sure, c.first)
		}
	}
}

func TestReviewsCountOnceThereAreEnough(t *testing.T) {
	average := 3.0
	n := node()
	without := assessed(n)["team-expertise"]
	n.Rating, n.Reviews = &average, enoughReviews-1
	if diff := cmp.Diff(without, assessed(n)["team-expertise"]); diff != "" {
		t.Errorf("too few count:\n%s", diff)
	}
	n.Reviews = enoughReviews
	with := assessed(n)["team-expertise"]
	if with.Confidence <= without.Confidence || !slices.Contains(with.Evidence, "3 reviews give it 3.0 of 5 on average.") {
		t.Errorf("got %+v", with)
	}
}

func TestMarksAreBoundedAndTheSameAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		technology := drawTechnology(t)
		got := Assess(technology, today)
		if diff := cmp.Diff(got, Assess(technology, today)); diff != "" {
			t.Fatalf("asked again:\n%s", diff)
		}
		for _, a := range got {
			switch {
			case a.Confidence < 0 || a.Confidence > 100,
				a.Score != nil && (*a.Score < 0 || *a.Score > 100),
				(a.Score == nil) != (len(a.Evidence) == 0), (a.Score == nil) != (a.Confidence == 0):
				t.Fatalf("%+v", a)
			}
			for _, e := range a.Evidence {
				if !isSentence(e) {
					t.Fatalf("evidence %q", e)
				}
			}
		}
	})
}

func TestKnowingMoreNeverLowersTheConfidence(t *testing.T) {
	learn := []func(*Technology){
		func(t *Technology) { t.FirstReleaseYear = 2010 },
		func(t *Technology) { t.Documentation = "https://example.com" },
		func(t *Technology) { t.ReleasePolicy = "https://example.com" },
		func(t *Technology) { t.UseCases = []string{"api-first"} },
		func(t *Technology) {
			t.Integrations = []Integration{{Area: enum.AreaData, Support: enum.SupportNative}}
		},
		func(t *Technology) {
			average := 4.5
			t.Rating, t.Reviews = &average, 10
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		technology := drawTechnology(t)
		before := assessed(technology)
		rapid.SampledFrom(learn).Draw(t, "lesson")(technology)
		for criterion, a := range assessed(technology) {
			if a.Confidence < before[criterion].Confidence {
				t.Fatalf("%s: from %d to %d", criterion, before[criterion].Confidence, a.Confidence)
			}
		}
	})
}

// rowOf finds the row of that label.
func rowOf(rows []Row, label string) (values string, best []int) {
	for _, r := range rows {
		if r.Label != label {
			continue
		}
		for _, v := range r.Values {
			if v == nil {
				values += "| - "
				continue
			}
			values += "| " + *v + " "
		}
		return strings.TrimSpace(values), r.Best
	}
	return "", nil
}

func TestAComparisonSaysWhoIsBestWhereThatCanBeSaid(t *testing.T) {
	good, poor := 4.5, 2.0
	one, other, third := node(), node(), library("auth0", "auth-security", "identity-provider", "audit-trail")
	one.IsOpenSource, third.IsOpenSource = true, false
	third.License = ""
	other.License = "SSPL-1.0"
	other.Cycles = other.Cycles[2:]
	one.Languages, other.Languages, third.Languages = []string{"JavaScript", "TypeScript"}, nil, nil
	one.Rating, one.Reviews = &good, 3
	other.Rating, other.Reviews = &poor, 4
	third.Rating, third.Reviews = &good, 2
	one.Capabilities = append(one.Capabilities, "audit-trail")
	one.Advisories = []Advisory{advisory("CVE-1", enum.SeverityHigh, "", "26.2.0"), advisory("CVE-2", enum.SeverityUnknown, "", "")}
	other.Advisories = []Advisory{advisory("CVE-1", enum.SeverityHigh, "", "20.2.0")}
	for _, a := range [][]Advisory{one.Advisories, other.Advisories} {
		for i := range a {
			a[i].PublishedAt = calendar.InstantOf(day("2026-01-01").Time())
		}
	}
	rows := Compare([]*Technology{one, other, third}, today)
	for _, c := range []struct {
		label, values string
		best          []int
	}{
		{"Status", "| gets features and fixes | gets features and fixes | -", []int{}},
		{"Newest release cycle", "| 26, of 2026-05-05 | 22, of 2024-04-24 | -", []int{}},
		{"Supported until", "| 26, until 2029-04-30 | 22, until 2027-04-30 | -", []int{0}},
		{"Licence", "| MIT | SSPL-1.0 (not open source) | -", []int{0}},
		{"Used from", "| JavaScript, TypeScript | any | any", []int{}},
		{"Rating", "| 4.5 (3 reviews) | 2.0 (4 reviews) | 4.5 (2 reviews)", []int{0}},
		{"Audit trail", "| yes | no | yes", []int{0, 2}},
		{"Language runtime", "| yes | yes | no", []int{}},
		{"Identity provider", "| no | no | yes", []int{}},
		{"Advisories of the last two years", "| 2 (1 high, 1 not rated) | 1 (1 high) | -", []int{}},
		{"Of these, open in the newest release", "| 1 | 0 | -", []int{1}},
		{"Published by", "| OpenJS Foundation | OpenJS Foundation | -", []int{}},
		{"Hosting", "", nil},
		{"First release", "", nil},
	} {
		values, best := rowOf(rows, c.label)
		if values != c.values || !slices.Equal(best, c.best) {
			t.Errorf("%s: %s, best %v; want %s, %v", c.label, values, best, c.values, c.best)
		}
	}
}

func TestMarksThatHardlyDifferAreAlike(t *testing.T) {
	with := func(years int) *Technology {
		return &Technology{
			Name: "X", FirstReleaseYear: 2026 - years, Documentation: "https://example.com", Capabilities: []string{"cache"},
			Hosting: []enum.Hosting{enum.HostingEmbedded},
		}
	}
	for _, c := range []struct {
		years []int
		best  []int
	}{
		{[]int{10, 9}, []int{}},
		{[]int{10, 4}, []int{0}},
		{[]int{4, 10, 9}, []int{1, 2}},
	} {
		var of []*Technology
		for _, y := range c.years {
			of = append(of, with(y))
		}
		values, best := rowOf(Compare(of, today), "Mark: team expertise")
		if !slices.Equal(best, c.best) {
			t.Errorf("%v years: %s, best %v, want %v", c.years, values, best, c.best)
		}
	}
}

func TestAComparisonIsWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := make([]*Technology, rapid.IntRange(2, 6).Draw(t, "technologies"))
		for i := range of {
			of[i] = drawTechnology(t)
		}
		rows := Compare(of, today)
		if diff := cmp.Diff(rows, Compare(of, today)); diff != "" {
			t.Fatalf("asked again:\n%s", diff)
		}
		seen := map[string]bool{}
		for _, r := range rows {
			isEmpty := !slices.ContainsFunc(r.Values, func(v *string) bool { return v != nil && *v != "" })
			isBeyond := slices.ContainsFunc(r.Best, func(i int) bool { return i < 0 || i >= len(of) || r.Values[i] == nil })
			if seen[r.Label] || len(r.Values) != len(of) || isEmpty || isBeyond || len(r.Best) == len(of) {
				t.Fatalf("%+v", r)
			}
			seen[r.Label] = true
		}
	})
}
