package graph_test

import (
	"slices"
	"strings"
	"time"

	"stackyard/internal/app"
	"stackyard/internal/enum"
)

// modelFault is a user error as the model foresees it.
type modelFault struct {
	Code  enum.UserErrorCode `json:"code"`
	Field []string           `json:"field"`
}

func faulty(code enum.UserErrorCode, path ...string) modelFault {
	return modelFault{code, append([]string{"input"}, path...)}
}

// modelMutation is one that is asked for, who may, and what it does to the model.
type modelMutation struct {
	by    *modelUser
	name  string
	input map[string]any
	// object is the payload's field, with what is selected of it.
	object, selection string
	// field of the input names about, which may be gone, or of another type than is asked for.
	field string
	about modelNode
	// role and scope are what it takes; any token will do where there are none.
	role  enum.OrganizationRole
	scope string
	// do changes the model, or says what is wrong; it is asked only where somebody may.
	do func(e *eyes) []modelFault
	// answer is the payload's object once it is done.
	answer func(e *eyes, at place) any
}

// runs changes the model, and foresees the answer.
func (w *world) run(m modelMutation) step {
	e := w.as(m.by)
	if m.field != "" {
		m.input[m.field] = m.about.thing().id
	}
	variables := map[string]any{"input": m.input}
	kind := strings.ToUpper(m.name[:1]) + m.name[1:] + "Input"
	s := step{
		by: m.by, root: m.name, variables: variables, unknown: w.unknown(e, variables),
		document: "mutation " + m.name + "($input: " + kind + "!) { " + m.name + "(input: $input) { " + m.object + " " + m.selection + " userErrors { code field } } }",
	}
	if refusal := m.refusal(e); refusal != nil {
		s.errors = []map[string]any{refusal}
		s.data = func(*eyes) any { return nil }
		return s
	}
	faults := []modelFault{faulty(enum.InputNotFound, m.field)}
	if m.field == "" || m.isFound(e) {
		faults = m.do(e)
	}
	s.data = func(e *eyes) any {
		payload := map[string]any{m.object: nil, "userErrors": append([]modelFault{}, faults...)}
		if len(faults) == 0 {
			payload[m.object] = m.answer(e, place{m.name, m.object})
		}
		return map[string]any{m.name: payload}
	}
	return s
}

// refusal is the error of whom the root is denied; nil where it is not.
func (m modelMutation) refusal(e *eyes) map[string]any {
	needs, what := "", any(nil)
	isDenied := e.who == nil
	switch {
	case m.scope != "":
		needs, what = "requiredScopes", [][]string{{m.scope}}
		isDenied = !e.hasScope(m.scope)
	case m.role != "":
		needs, what = "requiredRole", m.role
		if e.who != nil && !m.about.thing().isGone && m.about.isSeen(e) {
			of := ownerInModel(m.about)
			isDenied = of != nil && !e.has(m.role, of) // what belongs to nobody is not found
		}
	}
	if !isDenied {
		return nil
	}
	out := e.refusal(place{m.name}, needs, what)
	out["places"] = 1
	return out
}

// isFound says whether the id names an object of the right type that may be known of.
func (m modelMutation) isFound(e *eyes) bool {
	kinds := map[string]string{
		"organizationId": "Organization", "projectId": "Project", "invitationId": "Invitation", "reviewId": "Review", "technologyId": "Technology",
	}
	return typeOf(m.about) == kinds[m.field] && !m.about.thing().isGone && m.about.isSeen(e)
}

// ownerInModel is the organisation that an object belongs to; nil for what belongs to none.
func ownerInModel(n modelNode) *modelOrganization {
	switch n := n.(type) {
	case *modelOrganization:
		return n
	case *modelMember:
		return n.of
	case *modelInvitation:
		return n.of
	case *modelProject:
		return n.of
	case *modelComponent:
		return n.of.of
	}
	return nil
}

// showIt is the answer of a mutation whose payload holds an object.
func showIt[T modelNode](n *T) func(e *eyes, at place) any {
	return func(e *eyes, at place) any { return (*n).show(e, at) }
}

// itsID is the answer of a mutation that ends something.
func itsID(n modelNode) func(*eyes, place) any {
	return func(*eyes, place) any { return n.thing() }
}

// expects says whether the revision that somebody expects is another than it is.
func expects(input map[string]any, revision int) []modelFault {
	if expected, isGiven := input["expectedRevision"].(int); isGiven && expected != revision {
		return []modelFault{faulty(enum.InputConflict, "expectedRevision")}
	}
	return nil
}

// merged is what is known once what is given is said anew.
func merged(was facts, input map[string]any) facts {
	out := facts{}
	for field, value := range was {
		out[field] = value
		if given, isGiven := input[field]; isGiven {
			out[field] = given
		}
	}
	return out
}

// The limits of the model's API are small, so that they are met.
const (
	mostOwned       = 2
	mostInvitations = 3
	mostProjects    = 4
	mostComponents  = 4
	invitationTTL   = time.Hour
)

var modelLimits = app.Limits{
	Organizations: mostOwned, Invitations: mostInvitations, InvitationTTL: invitationTTL, Projects: mostProjects, StackComponents: mostComponents,
}

func (w *world) owned(by *modelUser) int {
	n := 0
	for _, o := range w.organizations {
		if o.roleOf(by) == enum.RoleOwner {
			n++
		}
	}
	return n
}

// isTaken says whether another has a slug already.
func isTaken[T any](list []T, slug any, of func(T) any) bool {
	return slices.ContainsFunc(list, func(t T) bool { return of(t) == slug })
}
