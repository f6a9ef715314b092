package graph_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// modelThing is what every object has. Its id is as the API gave it, empty until then.
type modelThing struct {
	id     string
	isGone bool
}

func (t *modelThing) thing() *modelThing { return t }

// MarshalJSON writes the id.
func (t *modelThing) MarshalJSON() ([]byte, error) { return json.Marshal(t.id) }

// modelNode is an object that has a global id.
type modelNode interface {
	thing() *modelThing
	// isSeen says whether somebody may know of it.
	isSeen(e *eyes) bool
	// show is what the fragment on its type gives, at a place of the answer.
	show(e *eyes, at place) map[string]any
}

// facts are what people say of an object, as the API gives it, by field; null where they say nothing.
type facts map[string]any

// changedFrom gives the fields that are another than they were.
func (f facts) changedFrom(was facts) []string {
	var out []string
	for _, field := range slices.Sorted(maps.Keys(f)) {
		if asJSON(f[field]) != asJSON(was[field]) {
			out = append(out, field)
		}
	}
	return out
}

type modelUser struct {
	modelThing
	token *auth.Viewer
}

type modelOrganization struct {
	modelThing
	facts       facts // slug, name
	rules       facts
	revision    int
	createdAt   time.Time
	members     []*modelMember
	invitations []*modelInvitation
	projects    []*modelProject
	log         []*modelChange
}

type modelMember struct {
	modelThing
	of    *modelOrganization
	user  *modelUser
	role  enum.OrganizationRole
	since time.Time
}

type modelInvitation struct {
	modelThing
	of        *modelOrganization
	email     string
	role      enum.OrganizationRole
	expiresAt time.Time
}

type modelProject struct {
	modelThing
	of                   *modelOrganization
	facts                facts
	stack                []*modelComponent
	hasScore             bool // as the catalogue knows something in the stack; it is 100, since no rule finds anything
	revision             int
	createdAt, updatedAt time.Time
}

// modelComponent has as facts its name, technology (a slug), installedVersion, ring and note.
type modelComponent struct {
	modelThing
	of    *modelProject
	facts facts
}

type modelTechnology struct {
	modelThing
	slug    string
	reviews []*modelReview
}

type modelReview struct {
	modelThing
	of                   *modelTechnology
	author               *modelUser
	facts                facts // rating, body
	isHidden             bool
	note                 any
	revision             int
	createdAt, updatedAt time.Time
}

// modelChange is an entry of a log; what was done to whom, and who did it.
type modelChange struct {
	at        time.Time
	operation enum.ChangeOperation
	kind      enum.ChangeSubjectType
	subject   modelNode
	fields    []string
	role      enum.OrganizationRole // the least that may know of it
	actor     *modelUser            // nil for the system
}

// world is everything that people have made.
type world struct {
	now           time.Time // of the step that is being made
	users         []*modelUser
	organizations []*modelOrganization
	technologies  []*modelTechnology
	log           []*modelChange // of the public catalogue
	nodes         []modelNode    // every object that there ever was, in the order in which they were made
}

// add makes an object known.
func (w *world) add(nodes ...modelNode) { w.nodes = append(w.nodes, nodes...) }

func (w *world) user(name string) *modelUser {
	return w.users[slices.IndexFunc(w.users, func(u *modelUser) bool { return u.token.Subject == name })]
}

// byID finds what has or had an id; nil where nothing ever had it.
func (w *world) byID(id string) modelNode {
	for _, n := range w.nodes {
		if n.thing().id == id {
			return n
		}
	}
	return nil
}

// bySlug finds an organisation; nil where there is none.
func (w *world) bySlug(slug string) *modelOrganization {
	for _, o := range w.organizations {
		if o.facts["slug"] == slug {
			return o
		}
	}
	return nil
}

// record writes to the log of an organisation.
func (w *world) record(by *modelUser, in *modelOrganization, role enum.OrganizationRole, op enum.ChangeOperation, of modelNode, fields ...string) {
	in.log = append(in.log, w.change(by, role, op, of, fields))
}

func (w *world) change(by *modelUser, role enum.OrganizationRole, op enum.ChangeOperation, of modelNode, fields []string) *modelChange {
	kind := map[string]enum.ChangeSubjectType{
		"User": enum.SubjectUser, "Organization": enum.SubjectOrganization, "Member": enum.SubjectMember, "Project": enum.SubjectProject,
		"StackComponent": enum.SubjectStackComponent, "Technology": enum.SubjectTechnology, "Review": enum.SubjectReview,
	}[typeOf(of)]
	return &modelChange{w.now, op, kind, of, slices.Sorted(slices.Values(fields)), role, by}
}

// roleOf is somebody's role; none for a visitor.
func (o *modelOrganization) roleOf(u *modelUser) enum.OrganizationRole {
	if m := o.memberOf(u); m != nil {
		return m.role
	}
	return ""
}

func (o *modelOrganization) memberOf(u *modelUser) *modelMember {
	for _, m := range o.members {
		if m.user == u {
			return m
		}
	}
	return nil
}

func (o *modelOrganization) owners() int {
	n := 0
	for _, m := range o.members {
		if m.role == enum.RoleOwner {
			n++
		}
	}
	return n
}

// waiting are the invitations that have not expired, newest first.
func (o *modelOrganization) waiting(now time.Time) []*modelInvitation {
	var out []*modelInvitation
	for _, i := range slices.Backward(o.invitations) {
		if i.expiresAt.After(now) {
			out = append(out, i)
		}
	}
	return out
}

func (p *modelProject) isPublic() bool { return p.facts["visibility"] == string(enum.VisibilityPublic) }

// isFor says whether an invitation is for whoever has shown this address as theirs.
func (i *modelInvitation) isFor(u *modelUser) bool {
	return u != nil && u.token.IsEmailVerified && strings.EqualFold(u.token.Email, i.email)
}

// isKnown says whether the catalogue knows the component.
func (c *modelComponent) isKnown() bool { return c.facts["technology"] != nil }

// gone forgets an object with what is its own.
func gone(n modelNode) {
	n.thing().isGone = true
	switch n := n.(type) {
	case *modelOrganization:
		for _, m := range n.members {
			gone(m)
		}
		for _, i := range n.invitations {
			gone(i)
		}
		for _, p := range n.projects {
			gone(p)
		}
	case *modelProject:
		for _, c := range n.stack {
			gone(c)
		}
	}
}

// without is a list without an item, which is gone.
func without[T interface {
	comparable
	modelNode
}](list []T, item T) []T {
	gone(item)
	return slices.DeleteFunc(slices.Clone(list), func(t T) bool { return t == item })
}

func typeOf(n modelNode) string {
	switch n.(type) {
	case *modelUser:
		return "User"
	case *modelOrganization:
		return "Organization"
	case *modelMember:
		return "Member"
	case *modelInvitation:
		return "Invitation"
	case *modelProject:
		return "Project"
	case *modelComponent:
		return "StackComponent"
	case *modelTechnology:
		return "Technology"
	}
	return "Review"
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// stamp writes a time as the API does.
func stamp(t time.Time) string { return calendar.InstantOf(t).String() }
