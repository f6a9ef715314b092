package advice

import (
	"fmt"
	"slices"
	"strings"

	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
)

// slot is a place in the stack.
type slot struct {
	category string
	isForced bool // by mustUse
	isCache  bool // beside a database, where traffic is high
	options  []*option
}

// option is a technology in one of its release cycles.
type option struct {
	*Technology
	cycle    *Cycle
	isForced bool
	rank     int // 0 is the release cycle that is supported longest
	points   [criteria]int
	known    [criteria]int // how much of the points is known, 0 to 100
	texts    [criteria]string
	place    int
}

// version is the newest release of the option's cycle; empty where there is no cycle.
func (o *option) version() string {
	if o.cycle == nil {
		return ""
	}
	if o.cycle.LatestVersion == "" {
		return o.cycle.Name
	}
	return o.cycle.LatestVersion
}

func (o *option) requirements() []Requirement {
	if o.cycle == nil {
		return nil
	}
	return o.cycle.Requirements
}

func (o *option) component() Component {
	return Component{Name: o.Slug, Version: o.version(), Technology: o.Technology}
}

// dataRoles are what a database has to be, by the data it is for.
var dataRoles = map[enum.DataComplexity]string{
	enum.DataKeyValue: "key-value-store", enum.DataDocument: "document-database", enum.DataRelational: "relational-database",
	enum.DataGraph: "graph-database", enum.DataAnalytical: "analytics",
}

// complianceNeeds are what regulations stand for.
var complianceNeeds = map[enum.Compliance][]enum.SecurityNeed{
	enum.ComplianceGDPR:   {enum.NeedDataResidency, enum.NeedAuditTrail},
	enum.CompliancePCIDSS: {enum.NeedMultiFactor, enum.NeedAuditTrail, enum.NeedEncryptionAtRest},
	enum.ComplianceHIPAA:  {enum.NeedAuditTrail, enum.NeedEncryptionAtRest, enum.NeedFineGrainedAccess},
	enum.ComplianceSOC2:   {enum.NeedMultiFactor, enum.NeedAuditTrail},
}

// The categories, by their slugs.
const (
	languagesCategory = "languages-runtimes"
	frameworkCategory = "frameworks"
	apiCategory       = "api-development"
	databaseCategory  = "databases"
	securityCategory  = "auth-security"
	cloudCategory     = "cloud-infrastructure"
)

// Categories are the slugs of the categories that stacks are made of, in the catalogue's order.
func Categories() []string {
	return []string{languagesCategory, frameworkCategory, apiCategory, databaseCategory, securityCategory, cloudCategory}
}

// mostCycles is how many release cycles of a technology are looked at: more than one only where versions can clash.
const mostCycles = 3

// fillSlots makes the places of the stack: one for each thing that must be used, and one for each category that has none.
func (c *chooser) fillSlots() {
	taken := map[string]bool{}
	hasCache := false
	for _, slug := range c.MustUse {
		t := c.bySlug[slug]
		s := &slot{category: c.categoryOf(t), isForced: true, options: c.forced(t)}
		hasCache = hasCache || unloads(t)
		taken[s.category] = taken[s.category] || c.plays(t, s.category) == ""
		c.slots = append(c.slots, s)
	}
	for _, category := range c.Categories {
		if !taken[category] {
			c.slots = append(c.slots, &slot{category: category, options: c.optionsFor(category, func(t *Technology) string { return c.plays(t, category) })})
		}
		if category == databaseCategory && c.Traffic == enum.TrafficHigh && c.Data == enum.DataRelational && !hasCache {
			c.slots = append(c.slots, &slot{category: category, isCache: true, options: c.optionsFor("", func(t *Technology) string {
				if unloads(t) {
					return ""
				}
				return unsuited
			})})
		}
	}
	c.dropCycles()
	place := 0
	for _, s := range c.slots {
		for _, o := range s.options {
			o.place = place
			place++
		}
	}
}

// dropCycles leaves each technology only the release cycle that is supported longest, where no requirement between
// options makes a difference between its cycles.
func (c *chooser) dropCycles() {
	there, needed := map[string]bool{}, map[string]bool{}
	for _, s := range c.slots {
		for _, o := range s.options {
			there[StandsFor(o.Slug)] = true
			for _, r := range o.requirements() {
				needed[StandsFor(r.Slug)] = true
			}
		}
	}
	needs := map[*Technology]bool{} // one of the others
	for _, s := range c.slots {
		for _, o := range s.options {
			needs[o.Technology] = needs[o.Technology] || slices.ContainsFunc(o.requirements(), func(r Requirement) bool { return there[StandsFor(r.Slug)] })
		}
	}
	for _, s := range c.slots {
		s.options = slices.DeleteFunc(s.options, func(o *option) bool {
			return o.rank > 0 && !needs[o.Technology] && !needed[StandsFor(o.Slug)]
		})
	}
}

// unloads says whether it takes load off a database.
func unloads(t *Technology) bool { return isSharedCache(t) || t.has("connection-pooler") }

// categoryOf is where what must be used stands: in the first of its categories in which it plays a part, else in its main one.
func (c *chooser) categoryOf(t *Technology) string {
	for _, category := range t.Categories {
		if c.plays(t, category) == "" {
			return category
		}
	}
	if len(t.Categories) == 0 {
		return ""
	}
	return t.Categories[0]
}

// unsuited is the reason why something plays no part in a category, whatever is required.
const unsuited = "-"

// plays says why a technology does not play the part that a category has in the stack; empty where it does.
func (c *chooser) plays(t *Technology, category string) string {
	is := func(does bool) string {
		if does {
			return ""
		}
		return unsuited
	}
	switch category {
	case languagesCategory:
		return is(c.runsByItself(t))
	case frameworkCategory:
		return is(t.isMainly(category) && t.has("http-framework", "full-stack-framework"))
	case apiCategory:
		return is(t.isMainly(category) && describesAPIs(t))
	case databaseCategory:
		role := dataRoles[c.Data]
		if t.has(role) {
			return ""
		}
		if !keepsData(t) && !t.has("embedded-database") {
			return unsuited
		}
		return fmt.Sprintf("`dataComplexity` %s: it is no %s.", c.Data, strings.TrimSuffix(words(role), " store"))
	case securityCategory:
		if c.HasUserAccounts {
			return is(t.isMainly(category) && signsPeopleIn(t))
		}
		return is(t.has("secrets-management", "web-application-firewall", "intrusion-detection"))
	case cloudCategory:
		return is(t.has("container-runtime", "container-orchestration", "serverless-functions"))
	}
	return unsuited
}

// runsByItself says whether programs in it run without another runtime: it is one, or there is none for it.
func (c *chooser) runsByItself(t *Technology) bool {
	if t.has("language-runtime") {
		return true
	}
	return t.has("programming-language") && !slices.ContainsFunc(c.inOrder, func(o *Technology) bool {
		return o != t && o.has("language-runtime") && sharesAny(o.Languages, t.Languages)
	})
}

func sharesAny(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// optionsFor gives what can be taken in a category, and notes what the requirements rule out.
func (c *chooser) optionsFor(category string, plays func(*Technology) string) []*option {
	var out []*option
	for _, t := range c.inOrder {
		if category != "" && !slices.Contains(t.Categories, category) || slices.Contains(c.MustUse, t.Slug) {
			continue
		}
		reason := plays(t)
		if reason == unsuited {
			continue
		}
		var options []*option
		if reason == "" {
			options, reason = c.allowed(t, category)
		}
		if reason != "" {
			if c.rejected[t.Slug] == "" {
				c.rejected[t.Slug] = reason
			}
			continue
		}
		out = append(out, options...)
	}
	return out
}

// forced gives the options of what must be used: those without findings where there are any, else what there is.
func (c *chooser) forced(t *Technology) []*option {
	options, finding := c.clean(t)
	if finding != "" {
		options = []*option{{Technology: t, cycle: c.newestMaintained(t)}}
	}
	for _, o := range options {
		o.isForced = true
	}
	return options
}

func (c *chooser) newestMaintained(t *Technology) *Cycle {
	if maintained := c.maintained(t); len(maintained) > 0 {
		return maintained[0]
	}
	return t.newest()
}

// maintained gives the release cycles that get fixes, those that are supported longest first.
func (c *chooser) maintained(t *Technology) []*Cycle {
	var out []*Cycle
	for i := range t.Cycles {
		if o := &t.Cycles[i]; lifecycle.IsMaintained(o.Status(c.today)) {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b *Cycle) int {
		switch {
		case a.EndOfLifeOn == nil && b.EndOfLifeOn == nil:
			return 0
		case a.EndOfLifeOn == nil:
			return -1
		case b.EndOfLifeOn == nil:
			return 1
		}
		return b.EndOfLifeOn.Sub(*a.EndOfLifeOn)
	})
	return out
}

// clean gives the technology in the release cycles about which a check finds nothing above LOW; where there are
// none, the finding that is in the way.
func (c *chooser) clean(t *Technology) ([]*option, string) {
	cycles := c.maintained(t)
	if len(t.Cycles) == 0 || t.hasLines() {
		cycles = []*Cycle{nil}
	}
	var out []*option
	reason := "No release cycle of it gets security fixes."
	for _, cycle := range cycles {
		o := &option{Technology: t, cycle: cycle, rank: len(out)}
		if found := c.grave([]Component{o.component()}); len(found) > 0 {
			if len(out) == 0 {
				reason = found[0].Message
			}
			continue
		}
		if out = append(out, o); len(out) == mostCycles {
			break
		}
	}
	if len(out) == 0 {
		return nil, reason
	}
	return out, ""
}

// hasLines says whether its release cycles are several lines, such as a service's runtimes, of which none stands for all.
func (t *Technology) hasLines() bool {
	return slices.ContainsFunc(t.Cycles, func(c Cycle) bool { return line(c.Name) != line(t.Cycles[0].Name) })
}

// grave gives the findings above LOW about single components.
func (c *chooser) grave(components []Component) []Finding {
	s := newStack(components, c.context(), c.today)
	var out []Finding
	for _, r := range aboutComponents {
		for _, f := range r.find(s) {
			if isGrave(f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// isGrave says whether nothing with the finding is recommended.
func isGrave(f Finding) bool {
	return f.Severity != enum.SeverityLow && f.Severity != enum.SeverityNone
}

// aboutComponents are the rules that look at each component on its own, and aboutStacks those that look at all of them.
var (
	aboutComponents = []Rule{endOfLife, endOfLifeSoon, vulnerable, limitedCommunity}
	aboutStacks     = []Rule{incompatible, overengineered, databaseNotOptimized, poorAPIDesign, securityNeglected}
)
