package advice

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/enum"
)

func TestLifecycleIsJudgedByTheCycleOfTheVersion(t *testing.T) {
	overWithoutDay := node()
	isOver := true
	overWithoutDay.Cycles[4].EndOfLifeOn, overWithoutDay.Cycles[4].EndOfLifePassed = nil, &isOver
	sold := node()
	isPaidOver := false
	sold.Cycles[4].ExtendedSupportOver = &isPaidOver
	for _, c := range []struct {
		name       string
		technology *Technology
		version    string
		horizon    int
		on         string
		want       []string
	}{
		{"active", node(), "26.2.0", 0, "", []string{}},
		{"past its end", node(), "18.20.8", 0, "", []string{"HIGH END_OF_LIFE 24"}},
		{"past its end, without a day", overWithoutDay, "18.20.8", 0, "", []string{"HIGH END_OF_LIFE 24"}},
		{"under extended support", node(), "16.20.2", 0, "", []string{"MEDIUM END_OF_LIFE 24"}},
		{"under extended support, nobody knows how long", sold, "18.20.8", 0, "", []string{"HIGH END_OF_LIFE 24"}},
		{"on the last day", node(), "18.20.8", 0, "2025-04-30", []string{"MEDIUM END_OF_LIFE_SOON 20"}},
		{"on the day after", node(), "18.20.8", 0, "2025-05-01", []string{"HIGH END_OF_LIFE 20"}},
		{"soon", node(), "22.12.0", 0, "", []string{"LOW END_OF_LIFE_SOON 24"}},
		{"not soon enough", node(), "22.12.0", 158, "", []string{}},
		{"just soon enough", node(), "22.12.0", 159, "", []string{"LOW END_OF_LIFE_SOON 24"}},
		{"very soon", node(), "22.12.0", 0, "2027-03-31", []string{"MEDIUM END_OF_LIFE_SOON 24"}},
		{"almost very soon", node(), "22.12.0", 0, "2027-03-30", []string{"LOW END_OF_LIFE_SOON 24"}},
		{"security fixes only", node(), "24.9.0", 0, "", []string{"LOW SECURITY_SUPPORT_ONLY 26"}},
		{"security fixes only, and soon none", node(), "24.9.0", 1000, "", []string{"LOW END_OF_LIFE_SOON"}},
		{"not released yet", node(), "26.2.0", 0, "2026-01-01", []string{}},
		{"a v in front", node(), "v18.20.8", 0, "", []string{"HIGH END_OF_LIFE 24"}},
	} {
		at := today
		if c.on != "" {
			at = day(c.on)
		}
		got := found(Check([]Component{of(c.technology, c.version)}, Context{EndOfLifeHorizonDays: c.horizon}, at))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestTheWayOutDependsOnWhatIsKnown(t *testing.T) {
	over := func(until, asOf string) *Technology {
		old := cycle("1", "1.4.0", "2016-04-28", until)
		old.AsOf = day(asOf)
		return &Technology{Name: "Old", Slug: "old", Cycles: []Cycle{old}, AsOf: today}
	}
	replaced, alone := over("2020-01-01", "2026-08-22"), over("2020-01-01", "2026-08-22")
	replaced.Successors, replaced.Alternatives = []string{"New"}, []Other{{Name: "Other"}}
	surrounded := over("2020-01-01", "2026-08-22")
	surrounded.Alternatives = []Other{{Name: "One"}, {Name: "Two"}, {Name: "Three"}}
	for _, c := range []struct {
		name       string
		technology *Technology
		want       string
	}{
		{"something took its place", replaced, "Move to New, which took its place."},
		{"there are alternatives", surrounded, "Replace it: no release of Old is maintained any more; closest to it are One and Two."},
		{"nothing is known", alone, "Replace it: no release of Old is maintained any more."},
		{"nothing is maintained for longer", over("2027-01-01", "2026-08-22"), "Watch for a release cycle of Old that is supported for longer: the catalogue, whose facts are of 2026-08-22, knows none."},
		{"it ended after the facts were written down", over("2026-09-30", "2026-08-22"), "Look for a newer release of Old: the catalogue's facts are of 2026-08-22, and the cycles that were maintained then have ended or are about to."},
	} {
		r := Check([]Component{of(c.technology, "1.4.0")}, Context{DisabledRules: []enum.FindingRule{enum.RuleLimitedCommunity}}, today)
		if len(r.Findings) != 1 || r.Findings[0].Advice != c.want || r.Findings[0].FixedBy != "" {
			t.Errorf("%s: %+v", c.name, r.Findings)
		}
	}
}

func TestCyclesOfAnotherLineAreNoWayForward(t *testing.T) {
	lambda := &Technology{Name: "AWS Lambda", Slug: "aws-lambda", AsOf: today, Cycles: []Cycle{
		cycle("python3.14", "", "2025-11-18", "2029-06-30"), cycle("nodejs24.x", "", "2025-11-25", "2028-04-30"), cycle("nodejs18.x", "", "2022-11-18", "2025-07-31"),
	}}
	r := Check([]Component{of(lambda, "nodejs18.x")}, Context{}, today)
	if got, want := strings.Join(found(r), "; "), "HIGH END_OF_LIFE nodejs24.x"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := r.Findings[0].Advice, "Move to AWS Lambda nodejs24.x (supported until 2028-04-30)."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
