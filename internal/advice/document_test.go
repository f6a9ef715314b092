package advice

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/enum"
)

var writeRules = flag.Bool("write-rules", false, "rewrite docs/rules.md")

const rulesFile = "../../docs/rules.md"

// TestTheDocumentedRulesAreUpToDate holds docs/rules.md against what the rules
// and marks say of themselves, so that a threshold that was moved shows in review.
func TestTheDocumentedRulesAreUpToDate(t *testing.T) {
	got := document()
	if *writeRules {
		if err := os.WriteFile(rulesFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/rules.md is not up to date; run make rules (-committed +rules):\n%s", diff)
	}
}

func TestEveryRuleOfTheContractIsThereOnceAndSaysWhatItDoes(t *testing.T) {
	var ids []string
	for _, r := range rules {
		ids = append(ids, string(r.ID))
		if r.find == nil || r.Sees == "" || r.Severities == "" || r.Reason == "" || r.Example == "" {
			t.Errorf("%s is not described", r.ID)
		}
	}
	if want := enum.FindingRule("").Values(); !slices.Equal(ids, want) {
		t.Errorf("there are %v, the contract has %v", ids, want)
	}
}

// document writes what the rules say of themselves.
func document() string {
	var b strings.Builder
	b.WriteString(`# Rules

Written by ` + "`make rules`" + ` from internal/advice. Every rule looks at facts of the catalogue, the versions in the stack and a day,
and at nothing else. Its identifier is stable: findings, mistakes and the rules that an organisation has disabled refer to it.

## Versions

A component's release cycle is the one with whose name its version begins, segment by segment. A version that names a line
of releases only, such as Python 3.7, where releases are called 3.7.17, says nothing of the last number: then only what
holds for all releases of the line is a finding. Where an advisory calls a release by that very text (Django's 4.2), it is one.
A pattern (` + "`22.x`" + `) and an image's tag (` + "`22-alpine`" + `) name lines, too. What cannot be decided is neither safe nor a vulnerability:
a version that no order takes is UNKNOWN_VERSION, and an advisory that names commits alone is held against nobody.

## Score

`)
	fmt.Fprintf(&b, "%d where nothing was found. Otherwise each component begins with a health of 1, and each finding about it takes a part of what is\nleft:\n\n| severity | takes |\n| --- | --- |\n", best)
	for _, s := range severities {
		fmt.Fprintf(&b, "| %s | %.0f %% |\n", s, penalties[s])
	}
	fmt.Fprintf(&b, `
The score is the middle between the mean health of all components and that of the worst, so that a large stack is not punished
for its size and one bad component does not drown in it. Findings about the whole stack take their part from that. It is rounded
down, from 0 to %d.

## The rules
`, best-1)
	for _, r := range rules {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n", r.ID, r.Sees)
		for _, threshold := range r.Thresholds {
			fmt.Fprintf(&b, "- Threshold: %s\n", threshold)
		}
		if r.Needs != "" {
			fmt.Fprintf(&b, "- Needs: %s\n", r.Needs)
		}
		fmt.Fprintf(&b, "- Severity: %s\n- Reason: %s\n- Example: %s\n", r.Severities, r.Reason, r.Example)
	}
	documentMarks(&b)
	documentRecommendations(&b)
	return b.String()
}

func documentMarks(b *strings.Builder) {
	b.WriteString(`
## The marks

A technology's mark on a criterion is from 0 (poor) to 100 (excellent), and computed from facts, each with a weight. A fact that
says nothing about its kind of software does not count; one that is not known lowers the confidence, and not the mark: the
confidence is the weight of what is known, in hundredths of what counts. The facts are told with the mark, the most telling first.
`)
	for _, m := range marks {
		fmt.Fprintf(b, "\n### %s\n\n%s\n\n| weight | fact |\n| --- | --- |\n", m.criterion, m.asks)
		for _, f := range m.facts {
			fmt.Fprintf(b, "| %d | %s |\n", f.weight, f.sees)
		}
	}
	fmt.Fprintf(b, `
## Comparisons

Who is best is said only where nobody would disagree: later ends of support, longer support, an open-source licence, fewer open
advisories, better reviews (%d at least), higher marks (known to %d %% at least; %d points are no difference), and these capabilities: %s.
A point on which all are alike has no best.
`, enoughReviews, enoughConfidence, alike, strings.Join(virtues, ", "))
}

func documentRecommendations(b *strings.Builder) {
	fmt.Fprintf(b, `
## Recommendations

A stack has a place for each category that is to be filled, one for each thing that must be used, and with HIGH traffic and RELATIONAL
data one more beside the database, for a cache that several processes share or a connection pooler.

### What is ruled out

A technology is an option where it plays the part of the category: a language that runs by itself, a web framework, a tool that works
from a contract, a database of the required kind, something that signs people in (without user accounts: something that keeps secrets
or notices attacks), something that runs containers or functions. It is rejected, with the requirement that does so:

- where %s names it, its licence does not satisfy %s, or it is hosted in none of the ways of %s (languages, frameworks and what runs
  inside the application go with it);
- where it lacks the capability for a security need, which identity software has to have (single sign-on, a second factor, access to
  single objects, an audit trail), or the database (encryption at rest), or where only its provider runs it and the region cannot be chosen;
- where it runs inside one process and traffic is HIGH or growth EXPLOSIVE;
- where a check finds anything above LOW about the newest release of each of its maintained release cycles.

Regulations stand for needs:

| compliance | needs |
| --- | --- |
`, "`mustNotUse`", "`allowedLicenses`", "`hosting`")
	for _, law := range []enum.Compliance{enum.ComplianceGDPR, enum.CompliancePCIDSS, enum.ComplianceHIPAA, enum.ComplianceSOC2} {
		var needs []string
		for _, n := range complianceNeeds[law] {
			needs = append(needs, string(n))
		}
		fmt.Fprintf(b, "| %s | %s |\n", law, strings.Join(needs, ", "))
	}
	fmt.Fprintf(b, `
Two options do not go together where both are bound to languages and share none, or where a release cycle of one needs the other in
other versions. What must be used is never ruled out; the findings say what is wrong with it.

### What is best

Each option gets 0 to 100 points on each criterion:

- project requirements: %d where the catalogue names it for the use case, up to %d for the capabilities that the use case, the business
  logic, the data and its part call for, and up to %d for ties to the other components: all of a component's share where one works with the other by
  itself or they share a language, %d %% through a plugin, %d %% through work of one's own;
- scalability: its mark where traffic is HIGH or growth EXPLOSIVE; the middle of that and 100 where traffic is MODERATE or growth FAST;
  else 100. Machinery for much load gets %d where there is less, unless the use case is `+"`enterprise-high-traffic`"+`, and an embedded database
  where there is more;
- team expertise: its mark; where the team says what it knows, %d %% of that, and %d more for what it knows (or is used from
  a language that it knows), %d for what is bound to no language;
- security: its mark.

A mark counts as far as it is known: for the rest stands the average of the marks that options of the same place have (%d where none
has one). The value of a stack is the sum, over its components and the criteria, of
points times weight. Among all stacks, the best is the one with the fewest empty places, then with the fewest findings above LOW about
the stack as a whole, then, where the team says which languages it knows, or technologies that are bound to some, with the fewest components that
are bound to others, then with the highest value, then with the release cycles that are supported longest. The search looks at the whole
stack and is exact: it leaves out only what provably cannot be better than what it has (for each open place it counts the best option with all its
ties to what is chosen, and half of its best possible ties to what is open). So a higher weight of a criterion never lowers the
stack's points on it. How often the searches of one operation look at an option is limited; where that is not enough, it
says so and answers nothing.

A component's score is the sum of its reasons' points, each being points times weight by the sum of all weights, rounded down. That of the
stack is the mean over all places, empty ones counting 0. Alternatives are the next best in one place, with all others kept; their score is that of
the choice, less what the stack as a whole loses, in which each tie counts at both ends. That no version is given of what is recommended in any
is not told.
`, useCasePoints, capabilityPoints, tiePoints, shares[enum.SupportPlugin], shares[enum.SupportManual], burdenPoints,
		100-expertisePoints, expertisePoints, neutralPoints, unknownPoints)
}
