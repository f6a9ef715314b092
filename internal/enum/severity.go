package enum

import "io"

// Severity is how bad an advisory or a finding is.
type Severity string

// The values of Severity.
const (
	SeverityUnknown  Severity = "UNKNOWN"
	SeverityNone     Severity = "NONE"
	SeverityLow      Severity = "LOW"
	SeverityMedium   Severity = "MEDIUM"
	SeverityHigh     Severity = "HIGH"
	SeverityCritical Severity = "CRITICAL"
)

var severityValues = []Severity{SeverityUnknown, SeverityNone, SeverityLow, SeverityMedium, SeverityHigh, SeverityCritical}

// Values lists every Severity.
func (Severity) Values() []string { return names(severityValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *Severity) UnmarshalGQL(in any) error { return unmarshal(v, in, severityValues) }

// MarshalGQL writes the value for GraphQL.
func (v Severity) MarshalGQL(w io.Writer) { marshal(w, v) }

// SeverityOf gives the severity that the CVSS specifications give to a score, from version 3 on; UNKNOWN for what is
// no score, 0 to 10. Source: https://www.first.org/cvss/v3.1/specification-document#Qualitative-Severity-Rating-Scale
func SeverityOf(score float64) Severity {
	switch {
	case score < 0 || score > 10:
		return SeverityUnknown
	case score == 0:
		return SeverityNone
	case score < 4:
		return SeverityLow
	case score < 7:
		return SeverityMedium
	case score < 9:
		return SeverityHigh
	}
	return SeverityCritical
}

// FindingRule names a rule of the stack check.
type FindingRule string

// The values of FindingRule.
const (
	RuleEndOfLife            FindingRule = "END_OF_LIFE"
	RuleEndOfLifeSoon        FindingRule = "END_OF_LIFE_SOON"
	RuleSecuritySupportOnly  FindingRule = "SECURITY_SUPPORT_ONLY"
	RuleVulnerable           FindingRule = "VULNERABLE"
	RuleIncompatible         FindingRule = "INCOMPATIBLE"
	RuleOutdated             FindingRule = "OUTDATED"
	RuleUnknownTechnology    FindingRule = "UNKNOWN_TECHNOLOGY"
	RuleUnknownVersion       FindingRule = "UNKNOWN_VERSION"
	RuleLicenseNotAllowed    FindingRule = "LICENSE_NOT_ALLOWED"
	RuleOverengineered       FindingRule = "OVERENGINEERED"
	RuleDatabaseNotOptimized FindingRule = "DATABASE_NOT_OPTIMIZED"
	RulePoorAPIDesign        FindingRule = "POOR_API_DESIGN"
	RuleSecurityNeglected    FindingRule = "SECURITY_NEGLECTED"
	RuleLimitedCommunity     FindingRule = "LIMITED_COMMUNITY"
)

var findingRuleValues = []FindingRule{RuleEndOfLife, RuleEndOfLifeSoon, RuleSecuritySupportOnly, RuleVulnerable, RuleIncompatible, RuleOutdated, RuleUnknownTechnology, RuleUnknownVersion, RuleLicenseNotAllowed, RuleOverengineered, RuleDatabaseNotOptimized, RulePoorAPIDesign, RuleSecurityNeglected, RuleLimitedCommunity}

// Values lists every FindingRule.
func (FindingRule) Values() []string { return names(findingRuleValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *FindingRule) UnmarshalGQL(in any) error { return unmarshal(v, in, findingRuleValues) }

// MarshalGQL writes the value for GraphQL.
func (v FindingRule) MarshalGQL(w io.Writer) { marshal(w, v) }

// FindingState says where a finding stands that is kept.
type FindingState string

// The values of FindingState.
const (
	FindingOpen         FindingState = "OPEN"
	FindingAcknowledged FindingState = "ACKNOWLEDGED"
	FindingFixed        FindingState = "FIXED"
)

var findingStateValues = []FindingState{FindingOpen, FindingAcknowledged, FindingFixed}

// Values lists every FindingState.
func (FindingState) Values() []string { return names(findingStateValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *FindingState) UnmarshalGQL(in any) error { return unmarshal(v, in, findingStateValues) }

// MarshalGQL writes the value for GraphQL.
func (v FindingState) MarshalGQL(w io.Writer) { marshal(w, v) }
