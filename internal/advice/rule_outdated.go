package advice

import (
	"fmt"

	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
	"stackyard/internal/version"
)

var outdated = Rule{
	ID: enum.RuleOutdated,
	Sees: "A component that is not the newest known release of its own release cycle, as long as that cycle is maintained or its dates are not known. " +
		"A newer cycle alone is no finding, and neither is a version that leaves the last number open.",
	Severities: "LOW.",
	Reason:     "Releases within a cycle are mostly fixes, and the more of them are missed, the less like anybody else's an installation is.",
	Example:    "nginx 1.30.0, while 1.30.4 is out.",
	find: each(func(s *stack, c component) []Finding {
		if c.cycle == nil || c.isVague || c.status != enum.StatusUnknown && !lifecycle.IsMaintained(c.status) {
			return nil
		}
		newest := c.cycle.LatestVersion
		if !version.IsVersion(c.version) || !version.IsVersion(newest) || isWithin(c.version, newest) || isWithin(newest, c.version) ||
			version.Compare(c.version, newest) >= 0 {
			return nil
		}
		f := about(c, enum.RuleOutdated, enum.SeverityLow)
		f.Message = fmt.Sprintf("%s is not the newest release of its cycle, %s is.", c.title(), newest)
		if day := c.cycle.LatestReleasedOn; day != nil {
			f.Message = fmt.Sprintf("%s is not the newest release of its cycle: %s came out on %s.", c.title(), newest, day)
		}
		f.Advice = fmt.Sprintf("Update to %s.", newest)
		f.FixedBy = newest
		return []Finding{f}
	}),
}
