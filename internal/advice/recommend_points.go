package advice

import (
	"fmt"
	"slices"
	"strings"

	"stackyard/internal/enum"
)

// What a component gets on the project's requirements, of 100: for its use cases, for what it can do, and for ties
// to the other components.
const (
	useCasePoints    = 30
	capabilityPoints = 40
	tiePoints        = 30
)

// unknownPoints is what counts where nothing is known of any option in a place.
const unknownPoints = 50

// What is known to a team, and what is bound to no language, of 100.
const (
	expertisePoints = 60
	neutralPoints   = 30
)

// burdenPoints is what machinery for much load gets on scalability where there is little.
const burdenPoints = 30

// shares are how much of the points for a tie each kind of support gives, in hundredths.
var shares = map[enum.IntegrationSupport]int{enum.SupportNative: 100, enum.SupportPlugin: 80, enum.SupportManual: 40}

// wanted are the capabilities that count, by category: those of the business logic, and others.
var wanted = map[string]map[enum.BusinessLogic][]string{
	languagesCategory: {
		enum.LogicCRUD: {"async-io", "language-runtime"}, enum.LogicWorkflow: {"parallel-threads", "async-io"},
		enum.LogicRealtime: {"async-io", "parallel-threads"}, enum.LogicCompute: {"parallel-threads", "static-typing"},
	},
	frameworkCategory: {
		enum.LogicCRUD: {"orm", "schema-migrations"}, enum.LogicWorkflow: {"job-queue", "orm"},
		enum.LogicRealtime: {"real-time", "websockets"}, enum.LogicCompute: {"http-framework", "static-typing"},
	},
	databaseCategory: {
		enum.LogicCRUD: {"transactions", "full-text-search", "backup-and-restore"}, enum.LogicWorkflow: {"transactions", "backup-and-restore"},
		enum.LogicRealtime: {"real-time", "replication", "in-memory"}, enum.LogicCompute: {"analytics", "sharding"},
	},
}

// wantedOfData are the capabilities that count for a database instead, where the kind of data says more than the logic.
var wantedOfData = map[enum.DataComplexity][]string{
	enum.DataKeyValue:   {"in-memory", "replication", "automatic-failover"},
	enum.DataAnalytical: {"analytics", "sharding", "backup-and-restore"},
}

// wants are the capabilities that count for what a place is for.
func (c *chooser) wants(s *slot) []string {
	if s.isCache {
		return []string{"cache", "in-memory", "replication"}
	}
	if of := wantedOfData[c.Data]; of != nil && s.category == databaseCategory {
		return of
	}
	return append(slices.Clone(wanted[s.category][c.Logic]), c.alsoWanted(s.category)...)
}

// alsoWanted are capabilities that count whatever the business logic is.
func (c *chooser) alsoWanted(category string) []string {
	switch category {
	case frameworkCategory:
		switch c.UseCase {
		case useCaseSmall: // pages and interfaces come from one program
			return []string{"full-stack-framework"}
		case useCaseAPIFirst:
			return []string{"rest-api", "api-specification"}
		}
		return []string{"rest-api"}
	case apiCategory:
		if c.UseCase == useCaseAPIFirst {
			return []string{"api-specification", "api-documentation", "code-generation", "api-testing"}
		}
		return []string{"api-specification", "api-documentation"}
	case securityCategory:
		return []string{"user-accounts", "single-sign-on", "multi-factor-authentication", "audit-trail"}
	case cloudCategory:
		switch {
		case c.isLarge():
			return []string{"autoscaling", "container-orchestration", "load-balancer"}
		case c.demand() == middling && c.UseCase != useCaseSmall:
			return []string{"container-runtime", "autoscaling"}
		}
		return []string{"container-runtime"}
	}
	return nil
}

// How much a stack has to grow.
const (
	modest = iota // little, and not more soon
	middling
	great
)

func (c *chooser) demand() int {
	switch {
	case c.Traffic == enum.TrafficHigh, c.Growth == enum.GrowthExplosive:
		return great
	case c.Traffic == enum.TrafficModerate, c.Growth == enum.GrowthFast:
		return middling
	}
	return modest
}

// isLarge says whether machinery for much load is in its place.
func (c *chooser) isLarge() bool { return c.demand() == great || c.UseCase == useCaseLarge }

// weigh gives each option its points, and each pair of options those for their tie.
func (c *chooser) weigh() {
	var all []*option
	for _, s := range c.slots {
		c.mark(s)
		all = append(all, s.options...)
	}
	c.gains = make([][]int, len(all))
	for i := range all {
		c.gains[i] = make([]int, len(all))
	}
	for i, s := range c.slots {
		for _, o := range c.slots[:i] {
			for _, a := range s.options {
				for _, b := range o.options {
					gain := c.gain(a, b)
					c.gains[a.place][b.place], c.gains[b.place][a.place] = gain, gain
				}
			}
		}
	}
}

// mark gives the options of a place their own points, without those for ties.
func (c *chooser) mark(s *slot) {
	assessed := map[*Technology][]*Assessment{}
	var known [criteria][]int
	for _, o := range s.options {
		if assessed[o.Technology] != nil {
			continue
		}
		assessed[o.Technology] = Assess(o.Technology, c.today)
		for i, a := range assessed[o.Technology] {
			if a.Score != nil {
				known[i] = append(known[i], *a.Score)
			}
		}
	}
	for _, o := range s.options {
		for i, a := range assessed[o.Technology] {
			o.known[i], o.texts[i] = a.Confidence, strings.Join(a.Evidence, " ")
			o.points[i] = average(known[i])
			if a.Score != nil {
				o.points[i] = rounded(*a.Score*a.Confidence+o.points[i]*(100-a.Confidence), 100)
			} else {
				o.texts[i] = "Nothing is known of it on this point."
			}
		}
		o.points[onRequirements], o.texts[onRequirements] = c.suits(o, s)
		o.points[onScalability], o.texts[onScalability] = c.bears(o)
		o.points[onExpertise], o.texts[onExpertise] = c.familiar(o)
	}
}

// average is what marks are on average: it counts neither for nor against something of which nothing is known.
func average(marks []int) int {
	if len(marks) == 0 {
		return unknownPoints
	}
	sum := 0
	for _, m := range marks {
		sum += m
	}
	return rounded(sum, len(marks))
}

// suits gives points for the use case and for capabilities that the project wants.
func (c *chooser) suits(o *option, s *slot) (int, string) {
	points, texts := 0, []string{}
	if slices.Contains(o.UseCases, c.UseCase) {
		points += useCasePoints
		texts = append(texts, "the catalogue names it for the use case")
	}
	want := c.wants(s)
	var has []string
	for _, w := range want {
		if o.has(w) {
			has = append(has, words(w))
		}
	}
	if len(want) > 0 {
		points += capabilityPoints * len(has) / len(want)
	}
	if len(has) > 0 {
		texts = append(texts, "it has "+list(has, "and"))
	}
	if len(texts) == 0 {
		return points, "The catalogue names it neither for the use case nor with what the project wants."
	}
	text := strings.Join(texts, ", and ")
	return points, strings.ToUpper(text[:1]) + text[1:] + "."
}

// bears gives points for what it bears, as far as that is called for.
func (c *chooser) bears(o *option) (int, string) {
	burden := machinery(o.Technology)
	if c.isLarge() {
		burden = ""
	}
	isFine := burden == "" && !o.has("embedded-database")
	switch c.demand() {
	case modest:
		if burden != "" {
			return burdenPoints, fmt.Sprintf("It is %s, for which there is too little load.", burden)
		}
		return 100, "It bears the little that there is to serve."
	case middling:
		if !isFine {
			return burdenPoints, "It is made for much more or much less load."
		}
		return (100 + o.points[onScalability]) / 2, o.texts[onScalability]
	}
	return o.points[onScalability], o.texts[onScalability]
}

// familiar gives points for what the team knows.
func (c *chooser) familiar(o *option) (int, string) {
	mark := o.points[onExpertise]
	if len(c.Expertise) == 0 {
		return mark, o.texts[onExpertise]
	}
	rest, text := (100-expertisePoints)*mark/100, " "+o.texts[onExpertise]
	switch {
	case slices.Contains(c.Expertise, o.Slug):
		return expertisePoints + rest, "The team knows it." + text
	case sharesAny(c.languagesOf(o.Technology), c.spoken):
		return expertisePoints + rest, "The team knows a language that it is used from." + text
	case len(o.Languages) == 0:
		return neutralPoints + rest, "It is bound to no language." + text
	}
	return rest, "The team does not know it, nor a language that it is used from." + text
}

// spokenBy gives the languages that a team knows: those that it names, and those of the technologies that it names.
func (c *chooser) spokenBy(expertise []string) []string {
	out := slices.Clone(expertise)
	for _, name := range expertise {
		if t := c.bySlug[name]; t != nil {
			out = append(out, c.languagesOf(t)...)
		}
	}
	isLanguage := func(name string) bool {
		return slices.ContainsFunc(c.inOrder, func(t *Technology) bool { return slices.Contains(t.Languages, name) })
	}
	return slices.DeleteFunc(out, func(name string) bool { return !isLanguage(name) })
}

// isForeign says whether a technology is bound to languages of which the team, which knows others, knows none.
func (c *chooser) isForeign(t *Technology) bool {
	languages := c.languagesOf(t)
	return len(c.spoken) > 0 && len(languages) > 0 && !sharesAny(languages, c.spoken)
}

// languagesOf gives the languages that a technology is used from: those of what it is a build of.
func (c *chooser) languagesOf(t *Technology) []string {
	if of := c.bySlug[StandsFor(t.Slug)]; of != nil {
		return of.Languages
	}
	return t.Languages
}

// impossible is the gain of two options that do not go together.
const impossible = -1

// gain gives the points that each of two options gets for their tie.
func (c *chooser) gain(a, b *option) int {
	areForced := a.isForced && b.isForced
	if a.Technology == b.Technology {
		return impossible
	}
	mine, others := c.languagesOf(a.Technology), c.languagesOf(b.Technology)
	areBound := len(mine) > 0 && len(others) > 0
	doShare := areBound && sharesAny(mine, others)
	if !areForced && (areBound && !doShare || clash(a, b) || clash(b, a)) {
		return impossible
	}
	share := 0
	for _, i := range a.Integrations {
		if i.With == b.ID {
			share = max(share, shares[i.Support])
		}
	}
	if doShare {
		share = 100
	}
	return c.tie * share / 100
}

// clash says whether one needs the other in other versions.
func clash(a, b *option) bool {
	if a.cycle == nil || b.cycle == nil {
		return false
	}
	return slices.ContainsFunc(a.cycle.Requirements, func(r Requirement) bool {
		return StandsFor(r.Slug) == StandsFor(b.Slug) && r.holds(usual(b.Slug, b.version())) != fits
	})
}
