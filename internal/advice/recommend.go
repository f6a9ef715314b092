package advice

import (
	"cmp"
	"context"
	"slices"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// Requirements are what a stack is to be recommended for.
type Requirements struct {
	UseCase          string // a slug
	Traffic          enum.Traffic
	Data             enum.DataComplexity
	Logic            enum.BusinessLogic
	Growth           enum.Growth
	Expertise        []string // slugs of technologies and names of languages
	HasUserAccounts  bool
	IsInternetFacing bool
	Security         []enum.SecurityNeed
	Compliance       []enum.Compliance
	Hosting          []enum.Hosting // any where it is nil
	AllowedLicenses  []string       // any where it is nil
	MustUse          []string       // slugs
	MustNotUse       []string       // slugs
	Categories       []string       // slugs, in the catalogue's order
	Weights          Weights
}

// Weights say how much each criterion counts, 0 to 10, in the order of Criteria; one of them at least does.
type Weights [criteria]int

// criteria is how many criteria there are.
const criteria = 4

// The criteria's places in Criteria.
const (
	onRequirements = iota
	onScalability
	onExpertise
	onSecurity
)

// Recommendation is a stack that fits requirements.
type Recommendation struct {
	Choices    []*Choice
	Unfilled   []string // slugs of categories for which nothing is left
	Score      int      // 0 to 100
	Findings   []Finding
	Rejected   []*Rejection // by slug
	Confidence int          // 0 to 100
	AsOf       calendar.Day
}

// Choice is what is recommended for a category.
type Choice struct {
	Category     string // its slug
	Technology   *Technology
	Cycle        *Cycle // nil where it has none
	Score        int    // 0 to 100, the sum of the reasons' points
	Reasons      []*Reason
	Alternatives []*Alternative
}

// Alternative is the next best in the place of a choice, with all other choices kept.
type Alternative struct {
	Technology *Technology
	Score      int       // that of the choice, less what the whole stack loses
	Reasons    []*Reason // what it loses by, or gains
}

// Reason is what gave points, or took them.
type Reason struct {
	Criterion string // its slug
	Points    int
	Text      string // a sentence
}

// Rejection is what was ruled out before any points were given.
type Rejection struct {
	Technology *Technology
	Reason     string // a sentence that names the requirement
}

// Recommend finds the stack that fits best among all technologies, on a day. Its search takes a step for each look at
// an option, and fails with ErrUnfinished where there are no more, or with ctx's error where that ends. The same
// question on the same facts has the same answer.
func Recommend(ctx context.Context, all map[int64]*Technology, r Requirements, today calendar.Day, steps *int) (*Recommendation, error) {
	c := newChooser(all, r, today)
	best, err := c.search(ctx, steps)
	if err != nil {
		return nil, err
	}
	return c.explain(best), nil
}

// chooser is a question at work.
type chooser struct {
	Requirements
	today    calendar.Day
	bySlug   map[string]*Technology
	inOrder  []*Technology // by slug
	needs    []enum.SecurityNeed
	spoken   []string // the languages that the team knows
	slots    []*slot
	rejected map[string]string // reasons by slug
	// tie is how many points a perfect tie between two components gives each.
	tie int
	// gains are the points for ties between options, by their places; impossible where they do not go together.
	gains [][]int
}

func newChooser(all map[int64]*Technology, r Requirements, today calendar.Day) *chooser {
	c := &chooser{Requirements: r, today: today, bySlug: make(map[string]*Technology, len(all)), rejected: map[string]string{}}
	for _, t := range all {
		c.bySlug[t.Slug] = t
		c.inOrder = append(c.inOrder, t)
	}
	slices.SortFunc(c.inOrder, func(a, b *Technology) int { return cmp.Compare(a.Slug, b.Slug) })
	c.needs = slices.Clone(r.Security)
	for _, law := range r.Compliance {
		c.needs = append(c.needs, complianceNeeds[law]...)
	}
	c.spoken = c.spokenBy(r.Expertise)
	c.fillSlots()
	c.tie = tiePoints / max(1, len(c.slots)-1)
	c.weigh()
	return c
}

// context is what the stack is checked in.
func (c *chooser) context() Context {
	return Context{
		UseCase: c.UseCase, Traffic: c.Traffic, HasUserAccounts: &c.HasUserAccounts, IsInternetFacing: &c.IsInternetFacing,
		AllowedLicenses: c.AllowedLicenses,
	}
}
