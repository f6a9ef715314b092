package enum

import (
	"io"
	"slices"
	"strings"
	"testing"
)

// value is what every enumeration can do.
type value interface {
	Values() []string
	UnmarshalGQL(in any) error
	MarshalGQL(w io.Writer)
}

// all are the enumerations, each with a variable of its own.
var all = map[string]value{
	"IdentifierScheme": new(IdentifierScheme), "Hosting": new(Hosting), "RequirementKind": new(RequirementKind), "IntegrationArea": new(IntegrationArea),
	"IntegrationSupport": new(IntegrationSupport), "LifecycleStatus": new(LifecycleStatus), "Severity": new(Severity), "FindingRule": new(FindingRule), "FindingState": new(FindingState), "MatchMethod": new(MatchMethod), "DataComplexity": new(DataComplexity), "BusinessLogic": new(BusinessLogic), "Growth": new(Growth), "Compliance": new(Compliance), "SecurityNeed": new(SecurityNeed),
	"OrderDirection": new(OrderDirection), "TechnologyOrderField": new(TechnologyOrderField), "ReleaseCycleOrderField": new(ReleaseCycleOrderField),
}

func TestEveryValueOfAnEnumComesBack(t *testing.T) {
	for name, v := range all {
		values := v.Values()
		if len(values) < 2 || len(slices.Compact(slices.Sorted(slices.Values(values)))) != len(values) {
			t.Errorf("%s has the values %v", name, values)
		}
		for _, s := range values {
			var out strings.Builder
			if err := v.UnmarshalGQL(s); err != nil {
				t.Errorf("%s %s: %v", name, s, err)
			}
			if v.MarshalGQL(&out); out.String() != `"`+s+`"` {
				t.Errorf("%s %s is written %s", name, s, out.String())
			}
		}
	}
}

func TestAnUnknownValueOfAnEnumIsRefusedAndChangesNothing(t *testing.T) {
	for name, v := range all {
		known := v.Values()[0]
		if err := v.UnmarshalGQL(known); err != nil {
			t.Fatal(err)
		}
		for _, in := range []any{nil, "", "NO_SUCH_VALUE", strings.ToLower(known), known + " ", 1, true, []any{known}} {
			if err := v.UnmarshalGQL(in); err == nil {
				t.Errorf("%s takes %v", name, in)
			}
		}
		var out strings.Builder
		if v.MarshalGQL(&out); out.String() != `"`+known+`"` {
			t.Errorf("%s became %s", name, out.String())
		}
	}
}

func TestScoresHaveTheSeveritiesOfCVSS(t *testing.T) {
	for score, want := range map[float64]Severity{
		-1: SeverityUnknown, 0: SeverityNone, 0.1: SeverityLow, 3.9: SeverityLow, 4: SeverityMedium, 6.9: SeverityMedium,
		7: SeverityHigh, 8.9: SeverityHigh, 9: SeverityCritical, 10: SeverityCritical, 10.1: SeverityUnknown,
	} {
		if got := SeverityOf(score); got != want {
			t.Errorf("%.1f is %s, not %s", score, got, want)
		}
	}
}
