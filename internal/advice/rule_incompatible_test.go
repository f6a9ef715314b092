package advice

import (
	"strings"
	"testing"

	"stackyard/internal/enum"
)

func django(requirements ...Requirement) *Technology {
	old := cycle("4.2", "4.2.30", "2023-04-03", "2026-04-07")
	old.Requirements = requirements
	lts := cycle("5.2", "5.2.16", "2025-04-02", "2028-04-30")
	lts.Requirements = []Requirement{{Slug: "python", Name: "Python", Kind: enum.RequirementSupported, Min: "3.10", Max: "3.14"}}
	return &Technology{Slug: "django", Name: "Django", Cycles: []Cycle{lts, old}, AsOf: today}
}

func python() *Technology {
	t := &Technology{Slug: "python", Name: "Python", AsOf: today}
	for _, c := range [][]string{{"3.14", "2030-10-31"}, {"3.13", "2029-10-31"}, {"3.12", "2028-10-31"}, {"3.11", "2027-10-31"}, {"3.10", "2026-10-31"}, {"3.8", "2024-10-07"}, {"3.7", "2023-06-27"}} {
		t.Cycles = append(t.Cycles, cycle(c[0], c[0]+".9", "2020-01-01", c[1]))
	}
	return t
}

func TestARequirementIsHeldAgainstWhatTheStackHas(t *testing.T) {
	supported := Requirement{Slug: "python", Name: "Python", Kind: enum.RequirementSupported, Min: "3.8", Max: "3.12"}
	for _, c := range []struct {
		name  string
		r     Requirement
		other []string
		want  string
	}{
		{"too old", supported, []string{"3.7.17"}, "HIGH INCOMPATIBLE django 3.11"},
		{"too old, a line", supported, []string{"3.7"}, "HIGH INCOMPATIBLE django 3.11"},
		{"the lowest", supported, []string{"3.8.0"}, ""},
		{"the highest", supported, []string{"3.12.11"}, ""},
		{"too new", supported, []string{"3.13.1"}, "MEDIUM INCOMPATIBLE python 5.2"},
		{"not precise enough", supported, []string{"3"}, ""},
		{"not precise enough for the lowest", Requirement{Slug: "python", Name: "Python", Min: "3.8"}, []string{"3"}, ""},
		{"no version", supported, []string{""}, ""},
		{"not in the stack", supported, nil, ""},
		{"one of two", supported, []string{"3.7.17", "3.11.2"}, ""},
		{"neither of two", supported, []string{"3.7.17", "3.13.2"}, "MEDIUM INCOMPATIBLE python 5.2"},
		{"a recommendation", Requirement{Slug: "python", Kind: enum.RequirementRecommended, Min: "3.8"}, []string{"3.7.17"}, ""},
		{"for people only", Requirement{Slug: "python", Kind: enum.RequirementSupported}, []string{"3.7.17"}, ""},
		{"listed", Requirement{Slug: "python", Name: "Python", Versions: []string{"3.8", "3.12"}}, []string{"3.12.1"}, ""},
		{"between those listed", Requirement{Slug: "python", Name: "Python", Versions: []string{"3.8", "3.12"}}, []string{"3.10.1"}, "MEDIUM INCOMPATIBLE django 3.12"},
		{"before those listed", Requirement{Slug: "python", Name: "Python", Versions: []string{"3.8", "3.12"}}, []string{"3.7.1"}, "HIGH INCOMPATIBLE django 3.12"},
		{"after those listed", Requirement{Slug: "python", Name: "Python", Versions: []string{"3.8", "3.12"}}, []string{"3.14.1"}, "MEDIUM INCOMPATIBLE python 5.2"},
		{"a pre-release of the lowest", supported, []string{"3.8.0rc1"}, ""},
	} {
		components := []Component{of(django(c.r), "4.2.1")}
		for _, v := range c.other {
			components = append(components, of(python(), v))
		}
		if got := strings.Join(found(Check(components, only(enum.RuleIncompatible), today)), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTheFindingStandsAtTheComponentThatHasToMove(t *testing.T) {
	r := Requirement{Slug: "python", Name: "Python", Kind: enum.RequirementSupported, Min: "3.8", Max: "3.12"}
	for _, c := range []struct {
		version, message, advice string
		component                int
	}{
		{"3.7", "Django 4.2 supports Python 3.8 to 3.12, and the stack has Python 3.7.", "Move to Python 3.11 (supported until 2027-10-31).", 1},
		{"3.13", "Django 4.2 supports Python 3.8 to 3.12, and the stack has Python 3.13.", "Move to Django 5.2 (supported until 2028-04-30).", 0},
		{"3.15", "Django 4.2 supports Python 3.8 to 3.12, and the stack has Python 3.15.", "Run it with a version of Python that it supports, until a release of Django supports Python 3.15.", 0},
	} {
		got := Check([]Component{of(django(r), "4.2.1"), of(python(), c.version)}, only(enum.RuleIncompatible), today).Findings
		if len(got) != 1 || got[0].Message != c.message || got[0].Advice != c.advice || got[0].Component != c.component {
			t.Errorf("%s: %+v", c.version, got)
		}
	}
}

func TestACycleThatIsNotMaintainedIsTheLastResort(t *testing.T) {
	d := django(Requirement{Slug: "python", Name: "Python", Max: "3.9"})
	d.Cycles[0].EndOfLifeOn = on("2026-01-01")
	got := Check([]Component{of(d, "4.2.1"), of(python(), "3.10")}, only(enum.RuleIncompatible), today).Findings
	want := "Move to Django 5.2, or both to newer release cycles: 5.2 is not maintained any more."
	if len(got) != 1 || got[0].Advice != want || got[0].FixedBy != "5.2" {
		t.Errorf("got %+v", got)
	}
}

func TestWhatTwoComponentsNeedAlikeIsSaidOnce(t *testing.T) {
	r := Requirement{Slug: "python", Name: "Python", Min: "3.8"}
	got := found(Check([]Component{of(django(r), "4.2.1"), of(django(r), "4.2.3"), of(python(), "3.7")}, only(enum.RuleIncompatible), today))
	if len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestABuildMeetsARequirementOfWhatItIsABuildOf(t *testing.T) {
	tomcat := &Technology{Slug: "tomcat", Name: "Tomcat", AsOf: today, Cycles: []Cycle{cycle("11.0", "11.0.25", "2024-10-09", "")}}
	tomcat.Cycles[0].Requirements = []Requirement{{Slug: "java", Name: "Java", Kind: enum.RequirementMinimum, Min: "17"}}
	java := func(slug string) *Technology {
		return &Technology{Slug: slug, Name: slug, AsOf: today, Cycles: []Cycle{cycle("21", "21.0.12", "2023-09-19", "2031-09-30"), cycle("8", "8.0.472", "2014-03-18", "2030-12-31")}}
	}
	for _, c := range []struct{ slug, version, want string }{
		{"amazon-corretto", "21.0.9.10.1", ""},
		{"amazon-corretto", "8.472.08.1", "HIGH INCOMPATIBLE tomcat 21"},
		{"java", "1.8.0_292", "HIGH INCOMPATIBLE tomcat 21"},
		{"oracle-jdk", "8u292", "HIGH INCOMPATIBLE tomcat 21"},
		{"kotlin", "1.8.0", ""},
	} {
		got := strings.Join(found(Check([]Component{of(tomcat, "11.0.25"), of(java(c.slug), c.version)}, only(enum.RuleIncompatible), today)), "; ")
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", c.slug, c.version, got, c.want)
		}
	}
}
