package loader_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"stackyard/ent"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
	"stackyard/internal/text"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		_ = checks.Value.Set("6") // each check asks many questions
	}
	storetest.Main(m)
}

var today = calendar.DayOf(storetest.Today)

// world is a database of a few dozen rows, in which every order meets ties and
// rows that lack its value.
type world struct {
	db      *store.DB
	dialect string

	categories, useCases, tools []int64
	technologies                []int64 // none of them is ever deleted
	critic                      int64   // a user of many reviews

	made  int             // numbers what must be unique
	taken map[string]bool // pairs that can be linked only once
	fresh []string        // those of them that release gives back
}

// added is a row that can be taken away again.
type added struct {
	kind kind
	id   int64
}

// kind is a kind of rows that come and go.
type kind string

const (
	aTechnology   kind = "technology"
	aCycle        kind = "cycle"
	anAdvisory    kind = "advisory"
	anIntegration kind = "integration"
	aReview       kind = "review"
	anAlternative kind = "alternative"
)

var kinds = []kind{aTechnology, aCycle, anAdvisory, anIntegration, aReview, anAlternative}

// perKind is how many rows of each kind a world has for good.
var perKind = map[kind]int{aTechnology: 18, aCycle: 40, anAdvisory: 16, anIntegration: 45, aReview: 24, anAlternative: 18}

func newWorld(t *testing.T, dialect string, options ...func(*store.Config)) *world {
	t.Helper()
	w := &world{db: storetest.Empty(t, dialect, options...), dialect: dialect, taken: map[string]bool{}}
	w.write(t.Context(), func(ctx context.Context, tx *ent.Tx) {
		for i := range 3 {
			w.categories = append(w.categories, tx.Category.Create().SetSlug(fmt.Sprintf("c%d", i)).SetName("C").SetSummary("C").
				SetRationale("C").SetResponsibilities([]string{}).SetPosition(i).SaveX(ctx).ID)
			w.useCases = append(w.useCases, tx.UseCase.Create().SetSlug(fmt.Sprintf("u%d", i)).SetName("U").SetSummary("U").
				SetTraits([]string{}).SetPosition(i).SaveX(ctx).ID)
		}
		for i, name := range []string{"Alpha", "beta", "Zeta"} {
			w.tools = append(w.tools, tx.Tool.Create().SetSlug(fmt.Sprintf("tool%d", i)).SetName(name).SetArea(enum.AreaData).SaveX(ctx).ID)
		}
		w.critic = w.user(ctx, tx)
		pick := rand.New(rand.NewPCG(1, 2)).IntN
		for _, k := range kinds {
			for range perKind[k] {
				a := w.add(ctx, tx, k, pick)
				if k == aTechnology {
					w.technologies = append(w.technologies, a.id)
				}
			}
		}
		w.fresh = nil
	})
	return w
}

// write changes the world; what goes wrong panics.
func (w *world) write(ctx context.Context, change func(ctx context.Context, tx *ent.Tx)) {
	err := w.db.Write(ctx, store.Cause{At: storetest.Today}, func(ctx context.Context, tx *ent.Tx) error {
		change(ctx, tx)
		return nil
	})
	if err != nil {
		panic(err)
	}
}

// add makes a row of a kind, with values that pick chooses from few.
func (w *world) add(ctx context.Context, tx *ent.Tx, k kind, pick func(int) int) added {
	w.made++
	switch k {
	case aTechnology:
		return added{kind: k, id: w.technology(ctx, tx, pick)}
	case aCycle:
		return added{kind: k, id: w.cycle(ctx, tx, pick)}
	case anAdvisory:
		return added{kind: k, id: w.advisory(ctx, tx, pick)}
	case anIntegration:
		return w.integration(ctx, tx, pick)
	case aReview:
		return w.review(ctx, tx, pick)
	case anAlternative:
		return w.alternative(ctx, tx, pick)
	}
	panic(k)
}

// remove takes rows away.
func (w *world) remove(ctx context.Context, tx *ent.Tx, rows []added) {
	for _, r := range rows {
		switch r.kind {
		case aTechnology:
			if w.dialect == "sqlite" {
				exec(ctx, tx, "DELETE FROM technology_search WHERE rowid = ?", r.id)
			}
			tx.Technology.DeleteOneID(r.id).ExecX(ctx)
		case aCycle:
			tx.ReleaseCycle.DeleteOneID(r.id).ExecX(ctx)
		case anAdvisory:
			tx.Advisory.DeleteOneID(r.id).ExecX(ctx)
		case anIntegration:
			tx.Integration.DeleteOneID(r.id).ExecX(ctx)
		case aReview:
			tx.Review.DeleteOneID(r.id).ExecX(ctx)
		case anAlternative:
			tx.Alternative.DeleteOneID(r.id).ExecX(ctx)
		}
	}
}

func exec(ctx context.Context, tx *ent.Tx, statement string, args ...any) {
	if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
		panic(err)
	}
}

// subset gives some of the values, or none.
func subset[T any](pick func(int) int, values ...T) []T {
	out := []T{}
	for _, v := range values {
		if pick(2) == 0 {
			out = append(out, v)
		}
	}
	return out
}

// sometimes gives one of the values, and nil as often as each of them.
func sometimes[T any](pick func(int) int, values ...T) *T {
	if i := pick(len(values) + 1); i < len(values) {
		return &values[i]
	}
	return nil
}

// tags are those that technologies of a world may have: kind and value.
var tags = [][2]string{
	{store.TagHosting, string(enum.HostingManaged)},
	{store.TagHosting, string(enum.HostingSelfHosted)},
	{store.TagLanguage, "Go"},
	{store.TagLanguage, "Java"},
	{store.TagLicense, "MIT"},
	{store.TagLicense, "GPL-2.0-only"},
	{store.TagCapability, "cache"},
	{store.TagCapability, "sql"},
}

func (w *world) technology(ctx context.Context, tx *ent.Tx, pick func(int) int) int64 {
	names := []string{"Alpha", "ALPHA", "Älphabet", "Project Alpha", "beta DB", "Beta-db", "C#", "Node.js"}
	name := names[pick(len(names))]
	summary := []string{"An alpha engine", "A thing of its own"}[pick(2)]
	rating, year := sometimes(pick, 3.5, 4, 4.25), sometimes(pick, 1999, 2010)
	updated := calendar.Instant(1_000_000 * (1 + pick(3)))
	t := tx.Technology.Create().SetSlug(fmt.Sprintf("t%d", w.made)).SetName(name).SetNameKey(text.Key(name)).SetSummary(summary).
		SetNillableRatingAverage(rating).SetNillableFirstReleaseYear(year).SetCreatedAt(1).SetUpdatedAt(updated).SetAsOf(20000).SaveX(ctx)
	for _, n := range []string{t.Slug, text.Fold(name)} {
		tx.TechnologyName.Create().SetTechnologyID(t.ID).SetName([]byte(n)).ExecX(ctx)
	}
	for _, tag := range subset(pick, tags...) {
		tx.TechnologyTag.Create().SetTechnologyID(t.ID).SetKind(tag[0]).SetValue(tag[1]).ExecX(ctx)
	}
	for i, c := range subset(pick, w.categories[:2]...) {
		tx.TechnologyCategory.Create().SetTechnologyID(t.ID).SetCategoryID(c).SetPosition(i).SetNameKey(t.NameKey).
			SetNillableRatingAverage(rating).SetNillableFirstReleaseYear(year).SetUpdatedAt(updated).ExecX(ctx)
	}
	for i, u := range subset(pick, w.useCases[:2]...) {
		tx.TechnologyUseCase.Create().SetTechnologyID(t.ID).SetUseCaseID(u).SetPosition(i).SetNameKey(t.NameKey).
			SetNillableRatingAverage(rating).SetNillableFirstReleaseYear(year).SetUpdatedAt(updated).ExecX(ctx)
	}
	w.index(ctx, tx, t)
	return t.ID
}

func (w *world) index(ctx context.Context, tx *ent.Tx, t *ent.Technology) {
	name, summary := text.Words(t.Name+" "+t.Slug), text.Words(t.Summary)
	if w.dialect == "sqlite" {
		exec(ctx, tx, "INSERT INTO technology_search (rowid, name, summary, body) VALUES (?, ?, ?, '')", t.ID, strings.Join(name, " "), strings.Join(summary, " "))
		return
	}
	exec(ctx, tx, "INSERT INTO technology_search (technology_id, name, summary, words) VALUES ($1, array_to_tsvector($2::text[]), array_to_tsvector($3::text[]), array_to_tsvector($3::text[]))",
		t.ID, name, append(summary, name...))
}

func (w *world) cycle(ctx context.Context, tx *ent.Tx, pick func(int) int) int64 {
	return tx.ReleaseCycle.Create().SetTechnologyID(w.technologies[pick(3)]).SetName(fmt.Sprint(w.made)).SetAsOf(20000).
		SetNillableReleasedOn(sometimes(pick, today-900, today-30, today+30)).
		SetNillableActiveSupportUntil(sometimes(pick, today-1, today)).
		SetNillableEndOfLifeOn(sometimes(pick, today-10, today, today+400)).
		SetNillableEndOfLifePassed(sometimes(pick, true, false)).
		SetNillableExtendedSupportUntil(sometimes(pick, today+500)).
		SetIsLongTerm(pick(2) == 0).SetNillableLongTermFrom(sometimes(pick, today-1, today+1)).
		SaveX(ctx).ID
}

func (w *world) advisory(ctx context.Context, tx *ent.Tx, pick func(int) int) int64 {
	severities := []enum.Severity{enum.SeverityLow, enum.SeverityHigh, enum.SeverityCritical}
	a := tx.Advisory.Create().SetIdentifier(fmt.Sprintf("CVE-%d", w.made)).SetSeverity(severities[pick(3)]).
		SetPublishedAt(calendar.Instant(1_000_000 * (1 + pick(4)))).SetModifiedAt(1).SetAsOf(20000).SaveX(ctx)
	tx.AdvisoryName.Create().SetAdvisoryID(a.ID).SetName(a.Identifier).ExecX(ctx)
	for _, technology := range w.technologies[:3] {
		if pick(3) == 0 {
			continue
		}
		tx.TechnologyAdvisory.Create().SetAdvisoryID(a.ID).SetTechnologyID(technology).SetPublishedAt(a.PublishedAt).ExecX(ctx)
		for i := range 1 + pick(2) {
			tx.AffectedRange.Create().SetAdvisoryID(a.ID).SetTechnologyID(technology).SetPosition(i).SetIsDecidable(pick(4) > 0).
				SetNillableIntroduced(sometimes(pick, "1.2", "1.10")).SetNillableFixed(sometimes(pick, "1.10.1", "2.0")).ExecX(ctx)
		}
	}
	return a.ID
}

// anything chooses when what pick chose cannot be.
func (w *world) anything() func(int) int {
	w.made++
	return rand.New(rand.NewPCG(3, uint64(w.made))).IntN
}

// once says whether a pair can still be linked, and takes it.
func (w *world) once(pair string) bool {
	if w.taken[pair] {
		return false
	}
	w.taken[pair] = true
	w.fresh = append(w.fresh, pair)
	return true
}

// release lets pairs be linked again. Until then one that was unlinked stays so:
// else it would seem to have been there all the time, and to have moved.
func (w *world) release() {
	for _, pair := range w.fresh {
		delete(w.taken, pair)
	}
	w.fresh = nil
}

func (w *world) integration(ctx context.Context, tx *ent.Tx, pick func(int) int) added {
	areas := []enum.IntegrationArea{enum.AreaData, enum.AreaIdentity, enum.AreaRuntime}
	for {
		from, to, tool, area := pick(3), 1+pick(len(w.technologies)-1), pick(len(w.tools)), areas[pick(3)]
		c := tx.Integration.Create().SetFromID(w.technologies[from]).SetArea(area).SetSupport(enum.SupportNative)
		if pick(2) == 0 {
			if !w.once(fmt.Sprint("tool ", from, tool, area)) {
				pick = w.anything()
				continue
			}
			i := c.SetToToolID(w.tools[tool]).SaveX(ctx)
			w.side(ctx, tx, i, w.technologies[from], tx.Tool.GetX(ctx, w.tools[tool]).Name)
			return added{anIntegration, i.ID}
		}
		if from == to || !w.once(fmt.Sprint("technology ", from, to, area)) {
			pick = w.anything()
			continue
		}
		i := c.SetToTechnologyID(w.technologies[to]).SaveX(ctx)
		w.side(ctx, tx, i, w.technologies[from], tx.Technology.GetX(ctx, w.technologies[to]).Name)
		w.side(ctx, tx, i, w.technologies[to], tx.Technology.GetX(ctx, w.technologies[from]).Name)
		return added{anIntegration, i.ID}
	}
}

func (w *world) side(ctx context.Context, tx *ent.Tx, i *ent.Integration, of int64, other string) {
	tx.IntegrationSide.Create().SetIntegrationID(i.ID).SetTechnologyID(of).SetArea(i.Area).SetNameKey(text.Key(other)).ExecX(ctx)
}

func (w *world) user(ctx context.Context, tx *ent.Tx) int64 {
	w.made++
	return tx.User.Create().SetIssuer("i").SetSubject(fmt.Sprint(w.made)).SetName("U").SetCreatedAt(1).SaveX(ctx).ID
}

func (w *world) review(ctx context.Context, tx *ent.Tx, pick func(int) int) added {
	author, technology := w.critic, w.technologies[pick(len(w.technologies))]
	if pick(2) == 0 || !w.once(fmt.Sprint("review ", technology)) {
		author, technology = w.user(ctx, tx), w.technologies[pick(3)]
	}
	r := tx.Review.Create().SetTechnologyID(technology).SetAuthorID(author).SetRating(3).SetIsHidden(pick(4) == 0).
		SetCreatedAt(calendar.Instant(1_000_000 * (1 + pick(3)))).SetUpdatedAt(1).SaveX(ctx)
	return added{aReview, r.ID}
}

func (w *world) alternative(ctx context.Context, tx *ent.Tx, pick func(int) int) added {
	for {
		of, other := pick(3), pick(len(w.technologies))
		if w.once(fmt.Sprint("alternative ", of, other)) {
			a := tx.Alternative.Create().SetTechnologyID(w.technologies[of]).SetAlternativeID(w.technologies[other]).SetPosition(pick(3)).SaveX(ctx)
			return added{anAlternative, a.ID}
		}
		pick = w.anything()
	}
}
