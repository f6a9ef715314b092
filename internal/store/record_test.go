package store_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/alternative"
	"stackyard/ent/category"
	"stackyard/ent/review"
	"stackyard/ent/technology"
	"stackyard/ent/technologycategory"
	"stackyard/ent/tool"
	"stackyard/internal/enum"
	"stackyard/internal/store/storetest"
)

// recording is a transaction, and what the logs say of it. The transactions of a
// test follow each other on one database.
type recording struct {
	name   string
	change func(l *ledger, ctx context.Context, tx *ent.Tx)
	want   string
}

func record(t *testing.T, all []recording) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect)
		for _, r := range all {
			l.must(func(ctx context.Context, tx *ent.Tx) { r.change(l, ctx, tx) })
			if diff := cmp.Diff(r.want, l.news()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", r.name, diff)
			}
		}
	})
}

func TestWhatATransactionChangesOfTheCatalogueIsRecorded(t *testing.T) {
	record(t, []recording{
		{"a new one", func(_ *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Tool.Create().SetSlug("saw").SetName("Saw").SetArea("DATA").SaveX(ctx)
		}, "public/0 CREATED TOOL"},
		{"fields, in alphabetical order, each once", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Technology.UpdateOneID(l.alpha.ID).SetSummary("other").SetAliases([]string{"a"}).SetLicenseExpression("MIT").SetLicenseIsOpenSource(true).
				SetRatingAverage(3).SetRatingDistribution([]int{0, 0, 1, 0, 0}).AddRevision(1).SetUpdatedAt(7).ExecX(ctx)
		}, "public/0 UPDATED TECHNOLOGY aliases,license,rating,summary"},
		{"the same again", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Technology.UpdateOneID(l.alpha.ID).SetSummary("other").SetAliases([]string{"a"}).ExecX(ctx)
		}, ""},
		{"bookkeeping alone", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Technology.UpdateOneID(l.alpha.ID).SetNameKey([]byte("x")).SetFileDigest("d").SetEditedFields([]string{"name"}).AddRevision(1).SetUpdatedAt(9).ExecX(ctx)
		}, ""},
		{"there and back", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Technology.UpdateOneID(l.alpha.ID).SetSummary("third").ExecX(ctx)
			tx.Technology.UpdateOneID(l.alpha.ID).SetSummary("other").ExecX(ctx)
		}, ""},
		{"what the public may not read alone", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Technology.UpdateOneID(l.alpha.ID).SetCuratorNotes("hush").ExecX(ctx)
			tx.Source.UpdateOneID(l.source.ID).SetLastError("broken").ExecX(ctx)
		}, ""},
		{"and with something else", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Technology.UpdateOneID(l.alpha.ID).SetCuratorNotes("again").SetSummary("fourth").ExecX(ctx)
			tx.Source.UpdateOneID(l.source.ID).ClearLastError().SetLastSyncedAt(4).ExecX(ctx)
		}, "public/0 UPDATED SOURCE lastSyncedAt\npublic/0 UPDATED TECHNOLOGY summary"},
		{"null, and back", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Technology.UpdateOneID(l.alpha.ID).SetHomepage("h").ClearLicenseExpression().ExecX(ctx)
		}, "public/0 UPDATED TECHNOLOGY homepage,license"},
		{"came and went", func(_ *ledger, ctx context.Context, tx *ent.Tx) {
			row := tx.Tool.Create().SetSlug("axe").SetName("Axe").SetArea("DATA").SaveX(ctx)
			tx.Tool.UpdateOne(row).SetName("Axes").ExecX(ctx)
			tx.Tool.DeleteOne(row).ExecX(ctx)
		}, ""},
		{"came and was changed", func(_ *ledger, ctx context.Context, tx *ent.Tx) {
			row := tx.Tool.Create().SetSlug("axe").SetName("Axe").SetArea("DATA").SaveX(ctx)
			tx.Tool.UpdateOne(row).SetName("Axes").ExecX(ctx)
		}, "public/0 CREATED TOOL"},
		{"changed and went", func(_ *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Tool.Update().Where(tool.Slug("axe")).SetName("Axe").ExecX(ctx)
			tx.Tool.Delete().Where(tool.Slug("axe")).ExecX(ctx)
		}, "public/0 DELETED TOOL"},
		{"many at once", func(_ *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Tool.CreateBulk(
				tx.Tool.Create().SetSlug("t1").SetName("T1").SetArea("DATA"), tx.Tool.Create().SetSlug("t2").SetName("T2").SetArea("DATA"),
				tx.Tool.Create().SetSlug("t3").SetName("T3").SetArea("IDENTITY"),
			).ExecX(ctx)
		}, "public/0 CREATED TOOL\npublic/0 CREATED TOOL\npublic/0 CREATED TOOL"},
		{"of many, those that differ", func(_ *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Tool.Update().Where(tool.SlugHasPrefix("t")).SetArea("DATA").SetHomepage("h").ExecX(ctx)
			tx.Tool.Update().Where(tool.Slug("t1")).ClearHomepage().ExecX(ctx)
		}, "public/0 UPDATED TOOL homepage\npublic/0 UPDATED TOOL area,homepage"},
		{"none of those that do not match", func(_ *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Tool.Update().Where(tool.Slug("none")).SetName("x").ExecX(ctx)
			tx.Tool.Delete().Where(tool.Slug("none")).ExecX(ctx)
		}, ""},
		{"all of several kinds", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Tool.Delete().Where(tool.SlugHasPrefix("t")).ExecX(ctx)
			tx.ReleaseCycle.UpdateOneID(l.cycle.ID).SetEndOfLifePassed(true).SetActiveSupportOver(true).SetPosition(4).ExecX(ctx)
			tx.Advisory.UpdateOneID(l.advisory.ID).SetScore(1.5).SetAsOf(4).SetSourceID(l.source.ID).ExecX(ctx)
		}, "public/0 UPDATED ADVISORY score,source\npublic/0 UPDATED RELEASE_CYCLE isEndOfLife,status\n" +
			"public/0 DELETED TOOL\npublic/0 DELETED TOOL\npublic/0 DELETED TOOL"},
	})
}

// link puts a technology into a category.
func link(ctx context.Context, tx *ent.Tx, t *ent.Technology, c *ent.Category, position int) {
	tx.TechnologyCategory.Create().SetTechnologyID(t.ID).SetCategoryID(c.ID).SetPosition(position).SetNameKey([]byte("k")).SetUpdatedAt(1).ExecX(ctx)
}

func TestAPartIsAFieldOfItsSubject(t *testing.T) {
	record(t, []recording{
		{"links come", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			link(ctx, tx, l.alpha, l.category, 0)
			link(ctx, tx, l.beta, l.category, 0)
			tx.Identifier.Create().SetTechnologyID(l.beta.ID).SetScheme("PURL").SetValue("v").SetPosition(0).ExecX(ctx)
		}, "public/0 UPDATED TECHNOLOGY categories\npublic/0 UPDATED TECHNOLOGY categories,identifiers"},
		{"links are written anew, and the same", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.TechnologyCategory.Delete().ExecX(ctx)
			link(ctx, tx, l.beta, l.category, 0)
			link(ctx, tx, l.alpha, l.category, 0)
		}, ""},
		{"what is derived changes", func(_ *ledger, ctx context.Context, tx *ent.Tx) {
			tx.TechnologyCategory.Update().SetNameKey([]byte("z")).SetUpdatedAt(8).SetRatingAverage(2).SetFirstReleaseYear(1999).ExecX(ctx)
		}, ""},
		{"another place, and with the row", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.TechnologyCategory.Update().Where(technologycategory.TechnologyID(l.alpha.ID)).SetPosition(3).ExecX(ctx)
			tx.Technology.UpdateOneID(l.alpha.ID).SetSummary("new").AddRevision(1).ExecX(ctx)
		}, "public/0 UPDATED TECHNOLOGY categories,summary"},
		{"a link moves from one to the other", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			link(ctx, tx, l.alpha, l.another, 1)
			tx.TechnologyCategory.Update().Where(technologycategory.TechnologyID(l.alpha.ID), technologycategory.CategoryID(l.another.ID)).
				SetTechnologyID(l.beta.ID).ExecX(ctx)
		}, "public/0 UPDATED TECHNOLOGY categories"},
		{"and back, which is two changes", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.TechnologyCategory.Update().Where(technologycategory.CategoryID(l.another.ID)).SetTechnologyID(l.alpha.ID).ExecX(ctx)
		}, "public/0 UPDATED TECHNOLOGY categories\npublic/0 UPDATED TECHNOLOGY categories"},
		{"parts of what is new", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			row := newTechnology(ctx, tx, "gamma", l.source)
			link(ctx, tx, row, l.category, 0)
			c := tx.ReleaseCycle.Create().SetTechnologyID(row.ID).SetName("1").SetAsOf(1).SaveX(ctx)
			tx.VersionRequirement.Create().SetReleaseCycleID(c.ID).SetTechnologyID(l.alpha.ID).SetPosition(0).SetKind("MINIMUM").SetAsPublished("1").ExecX(ctx)
			tx.Technology.Update().Where(technology.Slug("gamma")).SetSummary("t").ExecX(ctx)
		}, "public/0 CREATED RELEASE_CYCLE\npublic/0 CREATED TECHNOLOGY"},
		{"many parts of many", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Alternative.CreateBulk(
				tx.Alternative.Create().SetTechnologyID(l.alpha.ID).SetAlternativeID(l.beta.ID).SetPosition(0),
				tx.Alternative.Create().SetTechnologyID(l.beta.ID).SetAlternativeID(l.alpha.ID).SetPosition(0),
			).ExecX(ctx)
			tx.Alternative.Delete().Where(alternative.TechnologyID(l.beta.ID)).ExecX(ctx)
			tx.AffectedRange.Create().SetAdvisoryID(l.advisory.ID).SetTechnologyID(l.beta.ID).SetPosition(0).ExecX(ctx)
		}, "public/0 UPDATED ADVISORY affected\npublic/0 UPDATED TECHNOLOGY alternatives"},
	})
}

func TestWhatTheDatabaseDeletesByItselfIsRecorded(t *testing.T) {
	record(t, []recording{
		{"a technology with all that hangs on it", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Alternative.Create().SetTechnologyID(l.beta.ID).SetAlternativeID(l.alpha.ID).SetPosition(0).ExecX(ctx)
			tx.Integration.Create().SetFromID(l.beta.ID).SetToTechnologyID(l.alpha.ID).SetArea("DATA").SetSupport("NATIVE").ExecX(ctx)
			tx.Integration.Create().SetFromID(l.beta.ID).SetToToolID(l.tool.ID).SetArea("DATA").SetSupport("NATIVE").ExecX(ctx)
			tx.AffectedRange.Create().SetAdvisoryID(l.advisory.ID).SetTechnologyID(l.alpha.ID).SetPosition(0).ExecX(ctx)
			tx.Review.Create().SetTechnologyID(l.alpha.ID).SetAuthorID(l.eve.ID).SetRating(4).SetCreatedAt(1).SetUpdatedAt(1).ExecX(ctx)
			link(ctx, tx, l.alpha, l.category, 0)
		}, "public/0 UPDATED ADVISORY affected\npublic/0 CREATED INTEGRATION\npublic/0 CREATED INTEGRATION\npublic/0 CREATED REVIEW\n" +
			"public/0 UPDATED TECHNOLOGY categories\npublic/0 UPDATED TECHNOLOGY alternatives"},
		{
			"goes", func(l *ledger, ctx context.Context, tx *ent.Tx) { tx.Technology.DeleteOneID(l.alpha.ID).ExecX(ctx) },
			"public/0 UPDATED ADVISORY affected\npublic/0 DELETED INTEGRATION\npublic/0 DELETED RELEASE_CYCLE\npublic/0 DELETED REVIEW\n" +
				"public/0 DELETED TECHNOLOGY\npublic/0 UPDATED TECHNOLOGY alternatives",
		},
		{
			"a tool", func(l *ledger, ctx context.Context, tx *ent.Tx) { tx.Tool.DeleteOneID(l.tool.ID).ExecX(ctx) },
			"public/0 DELETED INTEGRATION\npublic/0 DELETED TOOL",
		},
		{
			"a source", func(l *ledger, ctx context.Context, tx *ent.Tx) { tx.Source.DeleteOneID(l.source.ID).ExecX(ctx) },
			"public/0 DELETED SOURCE\npublic/0 UPDATED TECHNOLOGY source",
		},
		{"a project", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			p := newProject(ctx, tx, l.acme, "gone")
			newComponent(ctx, tx, p, "one")
		}, "acme/1 CREATED PROJECT\nacme/1 CREATED STACK_COMPONENT"},
		{"goes with its stack", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Project.DeleteOne(tx.Project.Query().Order(ent.Desc("id")).FirstX(ctx)).ExecX(ctx)
		}, "acme/1 DELETED PROJECT\nacme/1 DELETED STACK_COMPONENT"},
		{"an organisation takes its log along", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Organization.DeleteOneID(l.acme.ID).ExecX(ctx)
		}, ""},
		{"a category", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Category.Delete().Where(category.ID(l.another.ID)).ExecX(ctx)
		}, "public/0 DELETED CATEGORY"},
	})
}

func TestWhatHappensInAnOrganisationIsInItsLogAlone(t *testing.T) {
	record(t, []recording{
		{"projects are for viewers, costs for maintainers", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Project.UpdateOneID(l.shop.ID).SetName("Shop").SetUpdatedAt(4).ExecX(ctx)
			other := newProject(ctx, tx, l.zoo, "cage")
			newComponent(ctx, tx, other, "lion")
		}, "acme/1 UPDATED PROJECT name\nzoo/1 CREATED PROJECT\nzoo/1 CREATED STACK_COMPONENT"},
		{"costs alone", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Project.UpdateOneID(l.shop.ID).SetCostAmount(4).SetCostCurrency("EUR").ExecX(ctx)
		}, "acme/3 UPDATED PROJECT monthlyCost"},
		{"costs and more", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Project.UpdateOneID(l.shop.ID).SetCostAmount(5).SetTeam("core").ExecX(ctx)
		}, "acme/1 UPDATED PROJECT monthlyCost,team"},
		{"the organisation and its members are for maintainers", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Organization.UpdateOneID(l.acme.ID).SetEndOfLifeHorizonDays(9).SetAllowedLicenses([]string{"MIT"}).ExecX(ctx)
			tx.Member.UpdateOneID(l.adaAtAcme.ID).SetRole(enum.RoleMaintainer).ExecX(ctx)
			tx.Member.Create().SetOrganizationID(l.zoo.ID).SetUserID(l.eve.ID).SetRole(enum.RoleEditor).SetSince(1).ExecX(ctx)
		}, "acme/3 UPDATED MEMBER role\nacme/3 UPDATED ORGANIZATION rules\nzoo/3 CREATED MEMBER"},
		{"invitations are for owners", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Invitation.Create().SetOrganizationID(l.acme.ID).SetEmail("A@b").SetEmailKey("a@b").SetRole(enum.RoleViewer).SetCreatedAt(1).SetExpiresAt(2).ExecX(ctx)
		}, "acme/4 UPDATED ORGANIZATION invitations"},
		{"an invitation and a name", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Invitation.Delete().ExecX(ctx)
			tx.Organization.UpdateOneID(l.acme.ID).SetName("ACME").ExecX(ctx)
		}, "acme/3 UPDATED ORGANIZATION invitations,name"},
		{"founding one", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			o := newOrganization(ctx, tx, "new")
			tx.Member.Create().SetOrganizationID(o.ID).SetUserID(l.eve.ID).SetRole(enum.RoleOwner).SetSince(1).ExecX(ctx)
		}, "/3 CREATED MEMBER\n/3 CREATED ORGANIZATION"},
		{"what came and went in a stack", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			c := newComponent(ctx, tx, l.shop, "one")
			newComponent(ctx, tx, l.shop, "two")
			tx.StackComponent.DeleteOne(c).ExecX(ctx)
		}, "acme/1 CREATED STACK_COMPONENT"},
	})
}

func TestAHiddenReviewDoesNotExistForThePublic(t *testing.T) {
	write := func(ctx context.Context, tx *ent.Tx, t *ent.Technology, by *ent.User, isHidden bool) {
		tx.Review.Create().SetTechnologyID(t.ID).SetAuthorID(by.ID).SetRating(4).SetIsHidden(isHidden).SetCreatedAt(1).SetUpdatedAt(1).ExecX(ctx)
	}
	record(t, []recording{
		{"hidden from the start", func(l *ledger, ctx context.Context, tx *ent.Tx) { write(ctx, tx, l.alpha, l.ada, true) }, ""},
		{"changed while hidden", func(l *ledger, ctx context.Context, tx *ent.Tx) { tx.Review.Update().SetRating(5).ExecX(ctx) }, ""},
		{"shown", func(l *ledger, ctx context.Context, tx *ent.Tx) { tx.Review.Update().SetIsHidden(false).ExecX(ctx) }, "public/0 CREATED REVIEW"},
		{"a note for moderators", func(l *ledger, ctx context.Context, tx *ent.Tx) { tx.Review.Update().SetModerationNote("n").ExecX(ctx) }, ""},
		{"changed while shown", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Review.Update().SetRating(1).SetModerationNote("m").ExecX(ctx)
		}, "public/0 UPDATED REVIEW rating"},
		{"hidden", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Review.Update().SetIsHidden(true).SetBody("b").ExecX(ctx)
		}, "public/0 DELETED REVIEW"},
		{"deleted while hidden", func(l *ledger, ctx context.Context, tx *ent.Tx) { tx.Review.Delete().ExecX(ctx) }, ""},
		{"written and hidden at once", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			write(ctx, tx, l.alpha, l.eve, false)
			tx.Review.Update().Where(review.AuthorID(l.eve.ID)).SetIsHidden(true).ExecX(ctx)
		}, ""},
	})
}

func TestAUserIsNamedToThoseWhoMayKnowThem(t *testing.T) {
	record(t, []recording{
		{"a new user is known to nobody", func(_ *ledger, ctx context.Context, tx *ent.Tx) {
			tx.User.Create().SetIssuer("i").SetSubject("new").SetName("N").SetCreatedAt(1).ExecX(ctx)
		}, ""},
		{"nor is one without reviews and organisations", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.User.UpdateOneID(l.eve.ID).SetName("Evelyn").ExecX(ctx)
		}, ""},
		{"in the logs of organisations, for maintainers", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.User.UpdateOneID(l.ada.ID).SetName("Ada L.").SetEmail("new@example.org").ExecX(ctx)
		}, "acme/3 UPDATED USER name\nzoo/3 UPDATED USER name"},
		{"an address is nobody's business", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.User.UpdateOneID(l.ada.ID).SetEmail("third@example.org").ExecX(ctx)
		}, ""},
		{"a hidden review makes nobody known", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Review.Create().SetTechnologyID(l.alpha.ID).SetAuthorID(l.eve.ID).SetRating(4).SetIsHidden(true).SetCreatedAt(1).SetUpdatedAt(1).ExecX(ctx)
			tx.User.UpdateOneID(l.eve.ID).SetName("E.").ExecX(ctx)
		}, ""},
		{"one that is shown does", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Review.Update().SetIsHidden(false).ExecX(ctx)
			tx.User.UpdateOneID(l.eve.ID).SetAvatar("https://a.example").ExecX(ctx)
		}, "public/0 CREATED REVIEW\npublic/0 UPDATED USER avatar"},
		{"who joins and changes at once", func(l *ledger, ctx context.Context, tx *ent.Tx) {
			tx.Member.Create().SetOrganizationID(l.zoo.ID).SetUserID(l.eve.ID).SetRole(enum.RoleEditor).SetSince(1).ExecX(ctx)
			tx.User.UpdateOneID(l.eve.ID).SetName("Eve again").ExecX(ctx)
		}, "public/0 UPDATED USER name\nzoo/3 CREATED MEMBER\nzoo/3 UPDATED USER name"},
	})
}
