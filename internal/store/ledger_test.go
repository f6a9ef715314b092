package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/ent/changelog"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// ledger is a small database, and what its change logs say.
type ledger struct {
	*testing.T
	*store.DB
	seen map[int64]int64 // the last sequence number that was looked at, by log

	source              *ent.Source
	tool                *ent.Tool
	category, another   *ent.Category
	alpha, beta         *ent.Technology
	cycle               *ent.ReleaseCycle
	advisory            *ent.Advisory
	ada, eve            *ent.User
	acme, zoo           *ent.Organization
	adaAtAcme, adaAtZoo *ent.Member
	shop                *ent.Project
}

// newLedger opens a database with something of everything.
func newLedger(t *testing.T, dialect string, options ...func(*store.Config)) *ledger {
	t.Helper()
	l := &ledger{T: t, DB: storetest.Empty(t, dialect, options...), seen: map[int64]int64{}}
	l.must(func(ctx context.Context, tx *ent.Tx) {
		l.source = tx.Source.Create().SetSlug("files").SetName("Files").SetHomepage("h").SetLicense("l").SetPosition(0).SaveX(ctx)
		l.tool = tx.Tool.Create().SetSlug("hammer").SetName("Hammer").SetArea("DATA").SaveX(ctx)
		l.category = tx.Category.Create().SetSlug("c1").SetName("C1").SetSummary("s").SetRationale("r").SetPosition(0).SaveX(ctx)
		l.another = tx.Category.Create().SetSlug("c2").SetName("C2").SetSummary("s").SetRationale("r").SetPosition(1).SaveX(ctx)
		l.alpha, l.beta = newTechnology(ctx, tx, "alpha", l.source), newTechnology(ctx, tx, "beta", l.source)
		l.cycle = tx.ReleaseCycle.Create().SetTechnologyID(l.alpha.ID).SetName("1").SetSourceID(l.source.ID).SetAsOf(1).SaveX(ctx)
		l.advisory = tx.Advisory.Create().SetIdentifier("A-1").SetSeverity("LOW").SetPublishedAt(1).SetModifiedAt(1).SetAsOf(1).SaveX(ctx)
		l.ada = tx.User.Create().SetIssuer("i").SetSubject("ada").SetName("Ada").SetEmail("ada@example.org").SetCreatedAt(1).SaveX(ctx)
		l.eve = tx.User.Create().SetIssuer("i").SetSubject("eve").SetName("Eve").SetCreatedAt(1).SaveX(ctx)
		l.acme, l.zoo = newOrganization(ctx, tx, "acme"), newOrganization(ctx, tx, "zoo")
		l.adaAtAcme = tx.Member.Create().SetOrganizationID(l.acme.ID).SetUserID(l.ada.ID).SetRole(enum.RoleOwner).SetSince(1).SaveX(ctx)
		l.adaAtZoo = tx.Member.Create().SetOrganizationID(l.zoo.ID).SetUserID(l.ada.ID).SetRole(enum.RoleViewer).SetSince(1).SaveX(ctx)
		l.shop = newProject(ctx, tx, l.acme, "shop")
	})
	l.news()
	return l
}

func newTechnology(ctx context.Context, tx *ent.Tx, slug string, from *ent.Source) *ent.Technology {
	return tx.Technology.Create().SetSlug(slug).SetName(slug).SetNameKey([]byte(slug)).SetSummary("s").SetSourceID(from.ID).SetAsOf(1).SetCreatedAt(1).SetUpdatedAt(1).SaveX(ctx)
}

func newOrganization(ctx context.Context, tx *ent.Tx, slug string) *ent.Organization {
	o := tx.Organization.Create().SetSlug(slug).SetName(slug).SetNameKey([]byte(slug)).SetCreatedAt(1).SetUpdatedAt(1).SaveX(ctx)
	tx.ChangeLog.Create().SetID(o.ID).SetOrganizationID(o.ID).ExecX(ctx)
	return o
}

func newProject(ctx context.Context, tx *ent.Tx, of *ent.Organization, slug string) *ent.Project {
	return tx.Project.Create().SetOrganizationID(of.ID).SetSlug(slug).SetName(slug).SetNameKey([]byte(slug)).SetSearchText(" " + slug).
		SetVisibility(enum.VisibilityPrivate).SetCreatedAt(1).SetUpdatedAt(1).SaveX(ctx)
}

func newComponent(ctx context.Context, tx *ent.Tx, of *ent.Project, name string) *ent.StackComponent {
	return tx.StackComponent.Create().SetProjectID(of.ID).SetOrganizationID(of.OrganizationID).SetName(name).SetPosition(0).SaveX(ctx)
}

// do runs a change by Ada. What it panics with, as ent's X methods do, is its error.
func (l *ledger) do(change func(ctx context.Context, tx *ent.Tx)) error {
	cause := store.Cause{At: storetest.Today}
	if l.ada != nil {
		cause.Actor = l.ada.ID
	}
	return l.Write(l.Context(), cause, func(ctx context.Context, tx *ent.Tx) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = p.(error)
			}
		}()
		change(ctx, tx)
		return nil
	})
}

// must is do for a change that succeeds.
func (l *ledger) must(change func(ctx context.Context, tx *ent.Tx)) {
	l.Helper()
	if err := l.do(change); err != nil {
		l.Fatal(err)
	}
}

// news gives what the logs say since the last time, a line for each change, log by
// log. The numbers of a log have no gaps.
func (l *ledger) news() string {
	l.Helper()
	var out []string
	for _, log := range l.Read().ChangeLog.Query().Order(ent.Asc(changelog.FieldID)).AllX(l.Context()) {
		changes := l.Read().Change.Query().Where(change.LogID(log.ID), change.SequenceGT(l.seen[log.ID])).
			Order(ent.Asc(change.FieldSequence)).AllX(l.Context())
		for _, c := range changes {
			l.seen[log.ID]++
			if c.Sequence != l.seen[log.ID] {
				l.Errorf("log %d has %d instead of %d", log.ID, c.Sequence, l.seen[log.ID])
			}
			out = append(out, l.line(c))
		}
		if log.LastSequence != l.seen[log.ID] {
			l.Errorf("log %d says that it is at %d, and is at %d", log.ID, log.LastSequence, l.seen[log.ID])
		}
	}
	return strings.Join(out, "\n")
}

// line writes a change: log, rank, operation, subject, fields.
func (l *ledger) line(c *ent.Change) string {
	logs := map[int64]string{store.PublicLog: "public"}
	if l.acme != nil {
		logs[l.acme.ID], logs[l.zoo.ID] = "acme", "zoo"
	}
	text := fmt.Sprintf("%s/%d %s %s", logs[c.LogID], c.Rank, c.Operation, c.SubjectType)
	if len(c.Fields) > 0 {
		text += " " + strings.Join(c.Fields, ",")
	}
	return text
}
