package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"stackyard/ent"
	"stackyard/internal/advice"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// TestFindingsStandInSQLWhereTheyStandInGo has a finding for each way in which it can be fixed and acknowledged.
func TestFindingsStandInSQLWhereTheyStandInGo(t *testing.T) {
	t.Parallel()
	today, now := calendar.DayOf(storetest.Today), calendar.InstantOf(storetest.Today)
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Empty(t, dialect)
		want := map[enum.FindingState][]int64{}
		err := db.Write(t.Context(), store.Cause{At: storetest.Today}, func(ctx context.Context, tx *ent.Tx) error {
			o := tx.Organization.Create().SetSlug("acme").SetName("Acme").SetNameKey([]byte("acme")).SetCreatedAt(now).SetUpdatedAt(now).SaveX(ctx)
			tx.ChangeLog.Create().SetID(o.ID).SetOrganizationID(o.ID).ExecX(ctx)
			p := tx.Project.Create().SetOrganizationID(o.ID).SetSlug("shop").SetName("Shop").SetNameKey([]byte("shop")).SetSearchText(" shop").
				SetVisibility(enum.VisibilityPrivate).SetCreatedAt(now).SetUpdatedAt(now).SaveX(ctx)
			for i, fixedAt := range []*calendar.Instant{nil, new(now), new(now + 1)} {
				for j, until := range []*calendar.Day{nil, new(today - 366), new(today - 1), new(today), new(today + 1)} {
					f := tx.Finding.Create().SetProjectID(p.ID).SetOrganizationID(o.ID).SetIdentity(fmt.Sprint(i, " ", j)).
						SetRule(enum.RuleOutdated).SetSeverity(enum.SeverityLow).SetSeverityRank(4).SetMessage("A message.").SetAdvice("Advice.").
						SetFirstSeenAt(now).SetNillableFixedAt(fixedAt).SetNillableAcknowledgedUntil(until).SaveX(ctx)
					state := advice.StateOf(f.FixedAt, f.AcknowledgedUntil, today)
					want[state] = append(want[state], f.ID)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		in := func(states ...enum.FindingState) []int64 {
			ids := db.Read().Finding.Query().Where(where(store.FindingStateIn(states, today))).IDsX(t.Context())
			slices.Sort(ids)
			return ids
		}
		for state, count := range map[enum.FindingState]int{enum.FindingOpen: 3, enum.FindingAcknowledged: 2, enum.FindingFixed: 10} {
			if got := in(state); len(got) != count || !slices.Equal(got, want[state]) {
				t.Errorf("%s: %v, want %d, %v", state, got, count, want[state])
			}
		}
		if some := in(enum.FindingOpen, enum.FindingFixed); len(some) != 13 {
			t.Errorf("open or fixed: %v", some)
		}
		if none := in(); len(none) > 0 {
			t.Errorf("in no state: %v", none)
		}
	})
}
