package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store/storetest"
)

// inputs are what the mutations are asked with: most are wrong, since it matters
// only who gets as far as to hear that.
func (s shop) inputs(of tenant) map[string]string {
	nothing := s.ids["Source"]
	organization, project := fmt.Sprintf(`organizationId: %q`, of.organization), fmt.Sprintf(`projectId: %q`, of.project)
	technology := fmt.Sprintf(`technologyId: %q`, s.ids["Technology"])
	return map[string]string{
		"createReview":         technology + `, rating: 9`,
		"updateReview":         fmt.Sprintf(`reviewId: %q`, nothing),
		"deleteReview":         fmt.Sprintf(`reviewId: %q`, nothing),
		"moderateReview":       fmt.Sprintf(`reviewId: %q, hidden: false`, nothing),
		"createOrganization":   `slug: "", name: ""`,
		"updateOrganization":   organization + `, slug: ""`,
		"deleteOrganization":   organization,
		"inviteMember":         organization + `, email: "", role: VIEWER`,
		"acceptInvitation":     fmt.Sprintf(`invitationId: %q`, nothing),
		"revokeInvitation":     fmt.Sprintf(`invitationId: %q`, of.invitation),
		"setMemberRole":        fmt.Sprintf(`%s, role: VIEWER, userId: %q`, organization, nothing),
		"setOrganizationRules": organization + `, endOfLifeHorizonDays: 0`,
		"removeMember":         fmt.Sprintf(`%s, userId: %q`, organization, nothing),
		"leaveOrganization":    organization,
		"createProject":        organization + `, slug: "", name: ""`,
		"updateProject":        project + `, slug: ""`,
		"deleteProject":        project,
		"acknowledgeFinding":   fmt.Sprintf(`findingId: %q, reason: "", until: "2027-01-01"`, of.finding),
		"resetCalendarFeed":    organization,
		"createWebhook":        organization + `, url: "", subjectTypes: []`,
		"deleteWebhook":        fmt.Sprintf(`webhookId: %q`, of.webhook),
		"setStack":             project + `, components: [{ technology: "" }]`,
		"importSbom":           project + `, file: $file`,
		"createTechnology":     `slug: "", name: "", summary: "", categories: []`,
		"updateTechnology":     technology + `, slug: ""`,
		"deleteTechnology":     fmt.Sprintf(`technologyId: %q`, nothing),
		"setReleaseCycle":      technology + `, name: ""`,
		"deleteReleaseCycle":   fmt.Sprintf(`releaseCycleId: %q`, nothing),
		"syncSource":           fmt.Sprintf(`sourceId: %q`, s.ids["Source"]), // which is read from nowhere
	}
}

// aFile is the variable of mutations that take a file.
var aFile = map[string]any{"file": "no bill of materials"}

// mutation runs one mutation, with a file where it takes one.
func mutation(name, input string) string {
	if strings.Contains(input, "$file") {
		return fmt.Sprintf(`mutation($file: Upload!) { %s(input: { %s }) { userErrors { code field } } }`, name, input)
	}
	return fmt.Sprintf(`mutation { %s(input: { %s }) { userErrors { code field } } }`, name, input)
}

func TestEveryRootOfAMutationIsWhatItsRuleSaysForEveryone(t *testing.T) {
	t.Parallel()
	schema := loadSchema(t)
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		a, s := serve(t, db), open(t, db)
		tenants := 0
		for _, f := range schema.Mutation.Fields {
			r, _ := readRule(f.Directives)
			for name, who := range everyone() {
				tenants++
				of := tenantOf(t, db, fmt.Sprintf("tenant-%d", tenants), enum.VisibilityPublic)
				input, isKnown := s.inputs(of)[f.Name]
				if !isKnown {
					t.Fatalf("nothing is asked of %s", f.Name)
				}
				a.checkRoot(t, fmt.Sprintf("%s by %s", f.Name, name), mutation(f.Name, input), f.Name, r, who)
			}
		}
	})
}

func (a *api) checkRoot(t *testing.T, what, document, root string, r rule, who asking) {
	t.Helper()
	reply := a.as(who.viewer).ask(document, aFile)
	if r.allows(who) {
		if len(reply.Errors) > 0 {
			t.Errorf("%s: %+v", what, reply.Errors)
		}
		return
	}
	isUnknown := root == "revokeInvitation" || root == "deleteWebhook" || // who does not own the organisation does not know of those
		root == "acknowledgeFinding" && who.role == "" // nor a visitor of its findings
	if isUnknown && who.viewer != nil {
		if len(reply.Errors) > 0 || !strings.Contains(string(reply.Data), `"code":"NOT_FOUND"`) {
			t.Errorf("%s: %s %+v", what, reply.Data, reply.Errors)
		}
		return
	}
	code := "FORBIDDEN"
	if who.viewer == nil {
		code = "UNAUTHENTICATED"
	}
	if len(reply.Errors) != 1 || reply.Errors[0].Extensions["code"] != code || fmt.Sprint(reply.Errors[0].Path) != "["+root+"]" || isSomething(reply) {
		t.Errorf("%s: %s %+v", what, reply.Data, reply.Errors)
	}
}

func isSomething(r reply) bool { return len(r.Data) > 0 && string(r.Data) != "null" }

func TestAMutationWithOneDeniedRootDoesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		a := serve(t, db)
		of := tenantOf(t, db, "tenant", enum.VisibilityPublic)
		for name, denied := range map[string]string{
			"eve": fmt.Sprintf(`deleteProject(input: { projectId: %q }) { userErrors { code } }`, of.project),
			"mel": fmt.Sprintf(`deleteOrganization(input: { organizationId: %q }) { userErrors { code } }`, of.organization),
			"vic": `moderateReview(input: { reviewId: "CwE", hidden: true }) { userErrors { code } }`,
		} {
			before := db.Read().Change.Query().CountX(t.Context())
			reply := a.as(everyone()[name].viewer).ask(`mutation {
				made: createOrganization(input: { slug: "own", name: "Own" }) { organization { id } userErrors { code } }
				...F
			}
			fragment F on Mutation { `+denied+` }`, nil)
			if len(reply.Errors) != 1 || reply.Errors[0].Extensions["code"] != "FORBIDDEN" || isSomething(reply) {
				t.Errorf("%s: %s %+v", name, reply.Data, reply.Errors)
			}
			if after := db.Read().Change.Query().CountX(t.Context()); after != before {
				t.Errorf("%s: %d changes were made", name, after-before)
			}
		}
	})
}

// TestWhatOneMayNotKnowOfLooksAsIfItDidNotExist asks everything about a private
// organisation, its project, and ids that nothing has, as somebody who is no member.
func TestWhatOneMayNotKnowOfLooksAsIfItDidNotExist(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		a, s := serve(t, db), open(t, db)
		of := tenantOf(t, db, "secret", enum.VisibilityPrivate)
		absent := tenant{
			organization: relay.ID{Type: relay.TypeOrganization, Key: 9000}.String(), project: relay.ID{Type: relay.TypeProject, Key: 9000}.String(),
			invitation: relay.ID{Type: relay.TypeInvitation, Key: 9000}.String(),
		}
		swap := strings.NewReplacer(of.organization, absent.organization, of.project, absent.project, of.invitation, absent.invitation, "secret", "absent")
		questions := []string{
			`{ organization(slug: "secret") { name projects { totalCount } members { totalCount } } }`,
			fmt.Sprintf(`{ node(id: %q) { id } }`, of.organization), // alone: what roots load together depends on when they come
			fmt.Sprintf(`{ nodes(ids: [%q, %q, %q]) { __typename } }`, of.organization, of.project, of.invitation),
			fmt.Sprintf(`subscription { organizationChanged(organizationId: %q) { cursor } }`, of.organization),
		}
		inputs := s.inputs(of)
		for _, name := range slices.Sorted(maps.Keys(inputs)) {
			questions = append(questions, mutation(name, inputs[name]))
		}
		for _, who := range []string{"nobody", "out", "out with users:read", "out with catalog:write"} {
			a.as(everyone()[who].viewer).ask(`{ viewer { user { id } } }`, nil) // the first question makes the user
			for _, q := range questions {
				if strings.Contains(q, "deleteReview(") || strings.Contains(q, "createReview(") {
					continue // about nothing private
				}
				real, other := a.as(everyone()[who].viewer).ask(q, aFile), a.as(everyone()[who].viewer).ask(swap.Replace(q), aFile)
				if r, o := swap.Replace(real.pretty(t)), other.pretty(t); r != o {
					t.Errorf("%s as %s:\n%s\nwhat does not exist:\n%s", q, who, r, o)
				}
				if len(real.statements) != len(other.statements) {
					t.Errorf("%s as %s: %d statements, and %d for what does not exist", q, who, len(real.statements), len(other.statements))
				}
			}
		}
	})
}
