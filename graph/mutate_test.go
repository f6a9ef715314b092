package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"stackyard/ent"
	"stackyard/ent/user"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// input is the input of a mutation.
type input = map[string]any

// answers are what the payloads of mutations hold beside their userErrors.
var answers = map[string]string{
	"createOrganization": "organization { id }", "updateOrganization": "organization { id }", "deleteOrganization": "deletedOrganizationId",
	"setOrganizationRules": "organization { id }", "inviteMember": "invitation { id }", "acceptInvitation": "organization { id }",
	"revokeInvitation": "revokedInvitationId", "setMemberRole": "member { id }", "removeMember": "removedUserId",
	"leaveOrganization": "leftOrganizationId", "createProject": "project { id }", "updateProject": "project { id }",
	"deleteProject": "deletedProjectId", "setStack": "project { id }", "acknowledgeFinding": "finding { id }", "resetCalendarFeed": "url",
	"createWebhook": "webhook { id }", "deleteWebhook": "deletedWebhookId",
	"createReview": "review { id }", "updateReview": "review { id }", "deleteReview": "deletedReviewId", "moderateReview": "review { id }",
	"createTechnology": "technology { id }", "updateTechnology": "technology { id }", "deleteTechnology": "deletedTechnologyId",
	"setReleaseCycle": "releaseCycle { id }", "deleteReleaseCycle": "deletedReleaseCycleId",
}

// mutate runs a mutation, and gives what its payload holds beside its userErrors
// as scalars, and those as `CODE path` each.
func (a *api) mutate(mutation, selection string, in input) (answer string, faults []string, r reply) {
	a.t.Helper()
	document := fmt.Sprintf(`mutation($in: %sInput!) { it: %s(input: $in) { %s userErrors { code field message } } }`,
		strings.ToUpper(mutation[:1])+mutation[1:], mutation, selection)
	r = a.ask(document, map[string]any{"in": in})
	var data struct{ It map[string]any }
	if len(r.Data) > 0 {
		if err := json.Unmarshal(r.Data, &data); err != nil {
			a.t.Fatalf("%v in %s", err, r.Data)
		}
	}
	errors, _ := data.It["userErrors"].([]any)
	for _, e := range errors {
		e := e.(map[string]any)
		if e["message"] == "" {
			a.t.Errorf("%s: a fault without a message: %v", mutation, e)
		}
		faults = append(faults, e["code"].(string)+" "+strings.Join(scalars(e["field"]), "."))
	}
	delete(data.It, "userErrors")
	return strings.Join(scalars(map[string]any(data.It)), " "), faults, r
}

// did runs a mutation that nothing is wrong with, and gives what was selected of its payload.
func (a *api) did(mutation, selection string, in input) string {
	a.t.Helper()
	answer, faults, r := a.mutate(mutation, selection, in)
	if len(faults) > 0 || len(r.Errors) > 0 {
		a.t.Fatalf("%s: %s %+v", mutation, faults, r.Errors)
	}
	return answer
}

// does runs a mutation that nothing is wrong with.
func (a *api) does(mutation string, in input) string {
	a.t.Helper()
	return a.did(mutation, answers[mutation], in)
}

// rejects runs a mutation whose input has faults, and gives them.
func (a *api) rejects(mutation string, in input) string {
	a.t.Helper()
	answer, faults, r := a.mutate(mutation, answers[mutation], in)
	if answer != "null" || len(r.Errors) > 0 || len(faults) == 0 {
		a.t.Errorf("%s of %v: %s %s %+v", mutation, in, answer, faults, r.Errors)
	}
	return strings.Join(faults, ", ")
}

// outcome runs a mutation, and says how that went: `done`, its faults, or the
// codes of its errors with the role that is missing.
func (a *api) outcome(mutation string, in input) string {
	a.t.Helper()
	_, faults, r := a.mutate(mutation, answers[mutation], in)
	for _, e := range r.Errors {
		faults = append(faults, strings.TrimSpace(fmt.Sprint(e.Extensions["code"], " ", orBlank(e.Extensions["requiredRole"]))))
	}
	if len(faults) == 0 {
		return "done"
	}
	return strings.Join(faults, ", ")
}

func orBlank(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// changes gives the newest changes of an organisation that the api's viewer may
// know of, oldest first; without what a check says of projects.
func (a *api) changes(organization string) []string {
	a.t.Helper()
	var data struct {
		Node struct {
			Changes struct {
				Nodes []struct {
					Operation, SubjectType string
					Fields                 []string
					Actor                  *struct{ Name string }
				}
			}
		}
	}
	a.data(`query($id: ID!) { node(id: $id) { ... on Organization { changes(last: 100) { nodes { operation subjectType fields actor { name } } } } } }`,
		map[string]any{"id": organization}, &data)
	out := []string{}
	for _, c := range data.Node.Changes.Nodes {
		if c.SubjectType == "FINDING" || slices.Equal(c.Fields, []string{"score"}) {
			continue
		}
		line := c.SubjectType + " " + c.Operation
		if len(c.Fields) > 0 {
			line += " " + strings.Join(c.Fields, ",")
		}
		if c.Actor != nil {
			line += " by " + c.Actor.Name
		}
		out = append(out, line)
	}
	return out
}

// tenant is an organisation with a member of each role, by their global ids:
// ada owns it, mel maintains it, eve edits and vic views it.
type tenant struct {
	key          int64
	organization string
	project      string
	invitation   string // for ivy, who is to be an editor
	finding      string
	webhook      string
	users        map[string]string
}

// tenant writes an organisation; visitors know of it where the project is public.
func tenantOf(t *testing.T, db *store.DB, slug string, visibility enum.Visibility) tenant {
	t.Helper()
	out := tenant{users: map[string]string{}}
	write(t, db, func(w rows) {
		ada := w.known("ada")
		o := w.organization(slug, ada)
		people := map[string]*ent.User{"ada": ada}
		for name, role := range map[string]enum.OrganizationRole{"mel": enum.RoleMaintainer, "eve": enum.RoleEditor, "vic": enum.RoleViewer} {
			people[name] = w.known(name)
			w.member(o, people[name], role)
		}
		p := w.project(o, "shop", visibility)
		i, err := w.tx.Invitation.Create().SetOrganizationID(o.ID).SetEmail("ivy@example.org").SetEmailKey("ivy@example.org").
			SetRole(enum.RoleEditor).SetCreatedAt(now).SetExpiresAt(now + 1_000_000_000).Save(w.ctx)
		w.must(err)
		f, err := w.tx.Finding.Create().SetProjectID(p.ID).SetOrganizationID(o.ID).SetIdentity("0 POOR_API_DESIGN").SetRule(enum.RulePoorAPIDesign).
			SetSeverity(enum.SeverityLow).SetSeverityRank(4).SetMessage("A message.").SetAdvice("Advice.").SetFirstSeenAt(now).Save(w.ctx)
		w.must(err)
		out.finding = f.GlobalID().String()
		h, err := w.tx.Webhook.Create().SetOrganizationID(o.ID).SetURL("https://example.org/hook").SetSecret([]byte{}).SetSequence(0).
			SetSubjectTypes([]enum.ChangeSubjectType{enum.SubjectProject}).Save(w.ctx)
		w.must(err)
		out.webhook = h.GlobalID().String()
		for name, u := range people {
			out.users[name] = u.GlobalID().String()
		}
		out.key, out.organization, out.project, out.invitation = o.ID, o.GlobalID().String(), p.GlobalID().String(), i.GlobalID().String()
	})
	return out
}

// known finds a user, or writes one.
func (w rows) known(name string) *ent.User {
	w.t.Helper()
	u, err := w.tx.User.Query().Where(user.Issuer(issuer), user.Subject(name)).Only(w.ctx)
	if ent.IsNotFound(err) {
		return w.user(name)
	}
	w.must(err)
	return u
}

// nobodys is an id of a type that no object has.
func nobodys(of relay.Type) string { return relay.ID{Type: of, Key: 1 << 40}.String() }
