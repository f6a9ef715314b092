package graph_test

import (
	"strings"
	"testing"
	"time"

	"stackyard/ent/change"
	"stackyard/internal/auth"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

func TestAUserFollowsLaterTokensOnly(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		found(t, db, "") // whose log tells what changes of its members
		says := func(name string, issuedAt time.Time) *auth.Viewer {
			v := named("ada")
			v.Name, v.IssuedAt = name, issuedAt
			return v
		}
		day := storetest.Today
		for _, c := range []struct {
			what  string
			by    *auth.Viewer
			want  string
			write bool
		}{
			{"one that says nothing new", says("ada", day), "ada", false},
			{"one that does not say when it was made", says("Ada 0", time.Time{}), "ada", false},
			{"the first with a name", says("Ada 1", day), "Ada 1", true},
			{"another", says("Ada 2", day.Add(time.Second)), "Ada 2", true},
			{"the first again", says("Ada 1", day), "Ada 2", false},
			{"the other again", says("Ada 2", day.Add(time.Second)), "Ada 2", false},
			{"one of the same second", says("Ada 3", day.Add(time.Second)), "Ada 2", false},
			{"one between them", says("Ada 4", day.Add(time.Second/2)), "Ada 2", false},
			{"a later one", says("Ada 5", day.Add(time.Minute)), "Ada 5", true},
		} {
			r := a.as(c.by).ask(`{ viewer { user { name } } }`, nil)
			if got := string(r.Data); !strings.Contains(got, `"`+c.want+`"`) || len(r.Errors) > 0 {
				t.Errorf("%s: %s %+v, want %s", c.what, got, r.Errors, c.want)
			}
			isWritten := strings.Contains(strings.Join(r.statements, "\n"), "UPDATE")
			if isWritten != c.write {
				t.Errorf("%s: is something written? %t", c.what, isWritten)
			}
		}
		if n := db.Read().Change.Query().Where(change.SubjectType(enum.SubjectUser)).CountX(t.Context()); n != 3 {
			t.Errorf("the user has changed %d times", n)
		}
	})
}
