package advice

import (
	"slices"

	"stackyard/internal/enum"
)

// Rule is one way to notice something, with what its readers have to know of it.
type Rule struct {
	// ID is stable: it is what findings, mistakes and an organisation's settings refer to.
	ID enum.FindingRule
	// Sees is what the rule looks for.
	Sees string
	// Needs is the part of the context without which it finds nothing; empty where facts are enough.
	Needs string
	// Thresholds are the numbers that decide, with their units.
	Thresholds []string
	// Severities say how bad its findings are, and when.
	Severities string
	// Reason is why that is worth a finding.
	Reason string
	// Example is a stack that has it, and the finding.
	Example string

	find func(*stack) []Finding
}

// rules are all, in the order of the contract.
var rules = []Rule{
	endOfLife, endOfLifeSoon, securitySupportOnly, vulnerable, incompatible, outdated, unknownTechnology, unknownVersion,
	licenseNotAllowed, overengineered, databaseNotOptimized, poorAPIDesign, securityNeglected, limitedCommunity,
}

// Rules are all, in the order of the contract.
func Rules() []Rule { return slices.Clone(rules) }

// each looks at every recognised component on its own.
func each(find func(*stack, component) []Finding) func(*stack) []Finding {
	return func(s *stack) []Finding {
		var out []Finding
		for _, c := range s.known() {
			out = append(out, find(s, c)...)
		}
		return out
	}
}
