package graph_test

import (
	"fmt"
	"slices"
	"strings"

	"stackyard/internal/auth"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
)

// eyes are what somebody sees of the world, as the contract says. They note what is denied.
type eyes struct {
	*world
	who    *modelUser // nil is nobody
	denied map[string]map[string]any
}

func (w *world) as(who *modelUser) *eyes { return &eyes{w, who, map[string]map[string]any{}} }

// place is a path in an answer.
type place []any

func (p place) at(steps ...any) place { return append(slices.Clone(p), steps...) }

// selection is what all places of one selection have in common.
func (p place) selection() string {
	var names []string
	for _, step := range p {
		if _, isIndex := step.(int); !isIndex {
			names = append(names, fmt.Sprint(step))
		}
	}
	return strings.Join(names, ".")
}

func (e *eyes) role(in *modelOrganization) enum.OrganizationRole { return in.roleOf(e.who) }

func (e *eyes) has(role enum.OrganizationRole, in *modelOrganization) bool {
	return e.who != nil && e.role(in).Includes(role)
}

func (e *eyes) hasScope(scope string) bool { return e.who != nil && e.who.token.HasScope(scope) }

// deny notes that a selection is denied at a place: the first place counts, and how many there are.
// The object's type tells fragments apart.
func (e *eyes) deny(object string, at place, needs string, what any) any {
	key := object + " " + at.selection()
	if e.denied[key] == nil {
		e.denied[key] = e.refusal(at, needs, what)
		e.denied[key]["places"] = 0
	}
	e.denied[key]["places"] = e.denied[key]["places"].(int) + 1
	return nil
}

func (e *eyes) refusal(at place, needs string, what any) map[string]any {
	code := "FORBIDDEN"
	if e.who == nil {
		code = "UNAUTHENTICATED"
	}
	out := map[string]any{"path": at, "code": code}
	if needs != "" {
		out[needs] = what
	}
	return out
}

// for a field that takes a role in an organisation.
func (e *eyes) guarded(object string, at place, role enum.OrganizationRole, in *modelOrganization, value func() any) any {
	if in == nil || !e.has(role, in) {
		return e.deny(object, at, "requiredRole", role)
	}
	return value()
}

// scoped is for a field that takes a scope.
func (e *eyes) scoped(object string, at place, scope string, value any) any {
	if !e.hasScope(scope) {
		return e.deny(object, at, "requiredScopes", [][]string{{scope}})
	}
	return value
}

// Who may know of what.

func (o *modelOrganization) isSeen(e *eyes) bool {
	return e.has(enum.RoleViewer, o) || slices.ContainsFunc(o.projects, (*modelProject).isPublic)
}

func (p *modelProject) isSeen(e *eyes) bool { return e.has(enum.RoleViewer, p.of) || p.isPublic() }

func (c *modelComponent) isSeen(e *eyes) bool {
	return e.has(enum.RoleViewer, c.of.of) || c.of.isPublic() && c.isKnown()
}

func (m *modelMember) isSeen(e *eyes) bool { return e.has(enum.RoleViewer, m.of) }

func (i *modelInvitation) isSeen(e *eyes) bool {
	return i.expiresAt.After(e.now) && (i.isFor(e.who) || e.has(enum.RoleOwner, i.of))
}

func (r *modelReview) isSeen(e *eyes) bool {
	return !r.isHidden || r.author == e.who || e.hasScope(auth.ScopeReviewsModerate)
}

func (t *modelTechnology) isSeen(*eyes) bool { return true }

// A user is seen by those who share an organisation with them, by everyone whom
// a review of theirs is shown to, and by maintainers whose log names them.
func (u *modelUser) isSeen(e *eyes) bool {
	if u == e.who {
		return true
	}
	for _, o := range e.organizations {
		isFellow := e.has(enum.RoleViewer, o) && o.memberOf(u) != nil
		isNamed := e.has(enum.RoleMaintainer, o) && slices.ContainsFunc(o.log, func(c *modelChange) bool { return c.actor == u })
		if isFellow || isNamed {
			return true
		}
	}
	return slices.ContainsFunc(e.reviewsBy(u), func(r *modelReview) bool { return r.isSeen(e) })
}

// reviewsBy are a user's, newest first.
func (w *world) reviewsBy(u *modelUser) []*modelReview {
	var out []*modelReview
	for _, t := range w.technologies {
		for _, r := range t.reviews {
			if r.author == u {
				out = append(out, r)
			}
		}
	}
	slices.SortFunc(out, func(a, b *modelReview) int { return b.createdAt.Compare(a.createdAt) })
	return out
}

// known says whether everyone may know of a user.
func (w *world) isKnownToAll(u *modelUser) bool { return u.isSeen(w.as(nil)) }

// seen are those of a list that somebody sees.
func seen[T modelNode](e *eyes, list []T) []T {
	var out []T
	for _, n := range list {
		if !n.thing().isGone && n.isSeen(e) {
			out = append(out, n)
		}
	}
	return out
}

// unknown gives the variables of a request with what somebody may not know of
// replaced by what there never was; nil where there is nothing to replace.
func (w *world) unknown(e *eyes, variables map[string]any) map[string]any {
	isOther := false
	var replaced func(key string, value any) any
	replaced = func(key string, value any) any {
		switch value := value.(type) {
		case string:
			if key == "slug" {
				if o := w.bySlug(value); o != nil && !o.isSeen(e) {
					isOther = true
					return "nowhere"
				}
			}
			if n := w.byID(value); n != nil && !n.thing().isGone && !n.isSeen(e) {
				isOther = true
				id, _ := relay.ParseID(value)
				return nobodys(id.Type)
			}
		case []string:
			return items(value, func(item string, _ int) any { return replaced("", item) })
		case map[string]any:
			out := map[string]any{}
			for key, item := range value {
				out[key] = item
				if strings.HasSuffix(key, "Id") {
					out[key] = replaced(key, item)
				}
			}
			return out
		}
		return value
	}
	out := map[string]any{}
	for key, value := range variables {
		out[key] = replaced(key, value)
	}
	if !isOther {
		return nil
	}
	return out
}
