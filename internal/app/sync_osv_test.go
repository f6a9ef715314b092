package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/advisory"
	"stackyard/ent/affectedrange"
	"stackyard/internal/app"
	"stackyard/internal/store/storetest"
)

// record writes an OSV record of one package, whose names are its id and its aliases.
func record(id, day, ecosystem, name, introduced, fixed string, aliases ...string) string {
	a, _ := json.Marshal(append([]string{}, aliases...))
	return fmt.Sprintf(`{"id": %q, "aliases": %s, "modified": "%sT10:00:00Z", "published": "2026-01-01T00:00:00Z", "summary": "About %s",
		"affected": [{"package": {"ecosystem": %q, "name": %q}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": %q}, {"fixed": %q}]}]}]}`,
		id, a, day, id, ecosystem, name, introduced, fixed)
}

func osvList(records ...string) string { return "[" + strings.Join(records, ",") + "]" }

// affected are the ranges of an advisory.
func (l *library) affected(identifier string) []string {
	l.t.Helper()
	a := l.Read().Advisory.Query().Where(advisory.Identifier(identifier)).OnlyX(l.t.Context())
	out := []string{}
	for _, r := range l.Read().AffectedRange.Query().Where(affectedrange.AdvisoryID(a.ID)).Order(ent.Asc(affectedrange.FieldPosition)).AllX(l.t.Context()) {
		out = append(out, fmt.Sprintf("%s %s", *r.Package, *r.Fixed))
	}
	return out
}

func TestOneVulnerabilityStaysOneAdvisoryHoweverItIsRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		bitnami := record("BIT-golang-2030-1", "2026-11-10", "Bitnami", "golang", "1.0.0", "1.5.0", "CVE-2030-1")
		golang := func(fixed string) string {
			return record("GO-2030-1", "2026-11-11", "Go", "stdlib", "1.0.0", fixed, "CVE-2030-1")
		}
		l.sync(app.SourceOSV, golang("1.5.0"))
		l.sync(app.SourceOSV, bitnami) // an older record of another database, by itself
		if got := l.affected("CVE-2030-1"); !slices.Equal(got, []string{"stdlib 1.5.0"}) {
			t.Errorf("data of an older day changed it to %v", got)
		}
		l.sync(app.SourceOSV, osvList(bitnami, golang("1.5.0")))
		if got := l.affected("CVE-2030-1"); !slices.Equal(got, []string{"stdlib 1.5.0", "golang 1.5.0"}) {
			t.Errorf("both: %v", got)
		}
		_, last := l.logged(0)
		l.clock = l.clock.Add(time.Hour)
		l.sync(app.SourceOSV, golang("1.6.0"))
		if got := l.affected("CVE-2030-1"); !slices.Equal(got, []string{"stdlib 1.6.0", "golang 1.5.0"}) {
			t.Errorf("one of both: %v", got)
		}
		lines, last := l.logged(last)
		if diff := cmp.Diff([]string{"1 UPDATED ADVISORY affected", "1 UPDATED SOURCE lastSyncedAt"}, lines); diff != "" {
			t.Error(diff)
		}
		for _, text := range []string{golang("1.6.0"), osvList(golang("1.6.0"), bitnami), golang("1.6.0")} {
			l.sync(app.SourceOSV, text)
		}
		if lines, _ := l.logged(last); len(lines) > 0 {
			t.Errorf("the same again: %v", lines)
		}
		names := l.Read().Advisory.Query().Where(advisory.Identifier("CVE-2030-1")).OnlyX(t.Context()).Aliases
		if !slices.Equal(names, []string{"GO-2030-1", "BIT-golang-2030-1"}) {
			t.Errorf("its aliases are %v", names)
		}
	})
}

func TestAnAdvisoryKeepsItsIdentifierAndLosesWhatIsWithdrawn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		l.sync(app.SourceOSV, record("GO-2030-2", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0"))
		id := l.Read().Advisory.Query().Where(advisory.Identifier("GO-2030-2")).OnlyIDX(t.Context())
		l.sync(app.SourceOSV, osvList(record("GO-2030-2", "2026-11-11", "Go", "stdlib", "1.0.0", "1.5.0", "CVE-2030-2"),
			record("BIT-golang-2030-2", "2026-11-11", "Bitnami", "golang", "1.0.0", "1.5.0", "CVE-2030-2")))
		a := l.Read().Advisory.GetX(t.Context(), id)
		if a.Identifier != "GO-2030-2" || !slices.Equal(a.Aliases, []string{"CVE-2030-2", "BIT-golang-2030-2"}) {
			t.Errorf("%s, %v", a.Identifier, a.Aliases)
		}
		withdrawn := strings.Replace(record("GO-2030-2", "2026-11-12", "Go", "stdlib", "1.0.0", "1.5.0"), `"summary"`, `"withdrawn": "2026-11-12T00:00:00Z", "summary"`, 1)
		l.sync(app.SourceOSV, withdrawn)
		if a := l.Read().Advisory.GetX(t.Context(), id); a.WithdrawnAt != nil {
			t.Error("it is withdrawn, though another record of it stands")
		}
		if got := l.affected("GO-2030-2"); !slices.Equal(got, []string{"golang 1.5.0"}) {
			t.Errorf("%v", got)
		}
	})
}

func TestOneRecordOfADayToComeDoesNotDateTheOthers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		future := strings.Replace(record("GO-2030-2", "2031-01-01", "Go", "stdlib", "1.0.0", "1.5.0"), "About", `\u001b[2JAbout\u0007`, 1)
		report := l.sync(app.SourceOSV, osvList(record("GO-2030-1", "2026-11-11", "Go", "stdlib", "1.0.0", "1.5.0"), future))
		if report.AsOf.String() != "2026-11-11" {
			t.Errorf("as of %s", report.AsOf)
		}
		for _, a := range l.Read().Advisory.Query().Where(advisory.IdentifierIn("GO-2030-1", "GO-2030-2")).Order(ent.Asc(advisory.FieldIdentifier)).AllX(t.Context()) {
			if a.AsOf.String() != "2026-11-11" || strings.ContainsFunc(*a.Summary, unicode.IsControl) {
				t.Errorf("%s is as of %s: %q", a.Identifier, a.AsOf, *a.Summary)
			}
		}
	})
}
