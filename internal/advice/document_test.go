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
