package graph_test

import (
	"fmt"
	"slices"

	"stackyard/internal/enum"
)

// entry is a component that is given, and how the catalogue has it.
type entry struct{ given, technology, version, cycle string }

// runnable are what projects of the model run.
var runnable = []entry{
	{"nodejs", "nodejs", "22.11.0", "22"},
	{"nodejs", "nodejs", "24.1.0", "24"},
	{"nodejs", "nodejs", "0.0.0-x", ""},
	{"postgres", "postgresql", "17.5", "17"},
	{"PostgreSQL", "postgresql", "16.2", "16"},
	{"redis", "redis", "8.2.1", "8.2"},
	{"homemade", "", "1.0", ""},
	{"homemade", "", "2.0", ""},
	{"secret sauce", "", "", ""},
}

// projectFields are what projects have, and what they are where nothing is said of them.
var projectFields = facts{
	"slug": nil, "name": nil, "description": nil, "team": nil, "visibility": string(enum.VisibilityPrivate), "useCase": nil, "traffic": nil,
	"hasUserAccounts": nil, "isInternetFacing": nil, "monthlyCost": nil,
}

func projectSlug(p *modelProject) any { return p.facts["slug"] }

func (w *world) createProject(by *modelUser, about modelNode, input map[string]any, stack []map[string]any) step {
	o, _ := about.(*modelOrganization)
	var p *modelProject
	if stack != nil {
		input["stack"] = stack
	}
	return w.run(modelMutation{
		by: by, name: "createProject", input: input, field: "organizationId", about: about, role: enum.RoleMaintainer,
		object: "project", selection: "{ " + projectSelection + " }", answer: showIt(&p),
		do: func(*eyes) (out []modelFault) {
			if isTaken(o.projects, input["slug"], projectSlug) {
				out = append(out, faulty(enum.InputTaken, "slug"))
			}
			if len(o.projects) >= mostProjects {
				out = append(out, faulty(enum.InputLimitReached, "organizationId"))
			}
			if out = append(out, stackFaults("stack", stack)...); out != nil {
				return out
			}
			p = &modelProject{of: o, facts: merged(projectFields, input), revision: 1, createdAt: w.now, updatedAt: w.now}
			o.projects = append(o.projects, p)
			w.add(p)
			w.record(by, o, enum.RoleViewer, enum.ChangeCreated, p)
			w.restack(by, p, stack)
			return nil
		},
	})
}

func (w *world) updateProject(by *modelUser, about modelNode, input map[string]any) step {
	p, _ := about.(*modelProject)
	return w.run(modelMutation{
		by: by, name: "updateProject", input: input, field: "projectId", about: about, role: enum.RoleEditor,
		object: "project", selection: "{ " + projectSelection + " }", answer: showIt(&p),
		do: func(e *eyes) []modelFault {
			out, is := expects(input, p.revision), merged(p.facts, input)
			if _, isGiven := input["monthlyCost"]; isGiven && !e.has(enum.RoleMaintainer, p.of) {
				out = append(out, faulty(enum.InputNotAllowed, "monthlyCost"))
			}
			if is["slug"] != p.facts["slug"] && isTaken(p.of.projects, is["slug"], projectSlug) {
				out = append(out, faulty(enum.InputTaken, "slug"))
			}
			changed := is.changedFrom(p.facts)
			if out != nil || changed == nil {
				return out
			}
			p.facts, p.revision, p.updatedAt = is, p.revision+1, w.now
			role := enum.RoleViewer
			if len(changed) == 1 && changed[0] == "monthlyCost" {
				role = enum.RoleMaintainer
			}
			w.record(by, p.of, role, enum.ChangeUpdated, p, changed...)
			return nil
		},
	})
}

func (w *world) deleteProject(by *modelUser, about modelNode) step {
	p, _ := about.(*modelProject)
	return w.run(modelMutation{
		by: by, name: "deleteProject", input: map[string]any{}, field: "projectId", about: about, role: enum.RoleMaintainer,
		object: "deletedProjectId", answer: itsID(about),
		do: func(*eyes) []modelFault {
			w.restack(by, p, nil)
			p.of.projects = without(p.of.projects, p)
			w.record(by, p.of, enum.RoleViewer, enum.ChangeDeleted, p)
			return nil
		},
	})
}

func (w *world) setStack(by *modelUser, about modelNode, stack []map[string]any, expected any) step {
	p, _ := about.(*modelProject)
	input := map[string]any{"components": stack}
	if expected != nil {
		input["expectedRevision"] = expected
	}
	return w.run(modelMutation{
		by: by, name: "setStack", input: input, field: "projectId", about: about, role: enum.RoleEditor,
		object: "project", selection: "{ " + projectSelection + " }", answer: showIt(&p),
		do: func(*eyes) []modelFault {
			out := expects(input, p.revision)
			if out = append(out, stackFaults("components", stack)...); out != nil {
				return out
			}
			if w.restack(by, p, stack) {
				p.revision, p.updatedAt = p.revision+1, w.now
			}
			return nil
		},
	})
}

// stackFaults finds too many components, or else those that are there twice.
func stackFaults(field string, stack []map[string]any) (out []modelFault) {
	if len(stack) > mostComponents {
		return []modelFault{faulty(enum.InputLimitReached, field)}
	}
	for i, c := range stack {
		is := componentFacts(c)
		for _, earlier := range stack[:i] {
			if was := componentFacts(earlier); was.isSameAs(is) && was["installedVersion"] == is["installedVersion"] {
				out = append(out, faulty(enum.InputInvalid, field, fmt.Sprint(i)))
				break
			}
		}
	}
	return out
}

// componentFacts are what is known of a component that is given.
func componentFacts(given map[string]any) facts {
	out := facts{"name": given["technology"], "technology": nil, "installedVersion": given["version"], "ring": given["ring"], "note": given["note"]}
	for _, r := range runnable {
		if r.given == given["technology"] && r.technology != "" {
			out["technology"] = r.technology
		}
	}
	return out
}

// isSameAs says whether two components are the same, whatever their versions.
func (f facts) isSameAs(other facts) bool {
	if f["technology"] != nil || other["technology"] != nil {
		return f["technology"] == other["technology"]
	}
	return f["name"] == other["name"]
}

// restack makes a stack what it is to be, and says whether it was another. What is
// still in it stays the same component.
func (w *world) restack(by *modelUser, p *modelProject, stack []map[string]any) (hasChanged bool) {
	was, is := p.stack, make([]*modelComponent, len(stack))
	for _, isSame := range []func(a, b facts) bool{
		func(a, b facts) bool { return a.isSameAs(b) && a["installedVersion"] == b["installedVersion"] },
		facts.isSameAs,
	} {
		for i, given := range stack {
			for _, c := range was {
				if is[i] == nil && !slices.Contains(is, c) && isSame(c.facts, componentFacts(given)) {
					is[i] = c
				}
			}
		}
	}
	changes := map[modelNode]*modelChange{}
	for _, c := range was {
		if !slices.Contains(is, c) {
			hasChanged = true
			gone(c)
			changes[c] = w.change(by, enum.RoleViewer, enum.ChangeDeleted, c, nil)
		}
	}
	for i, given := range stack {
		facts := componentFacts(given)
		if is[i] == nil {
			is[i] = &modelComponent{of: p, facts: facts}
			w.add(is[i])
			hasChanged = true
			changes[is[i]] = w.change(by, enum.RoleViewer, enum.ChangeCreated, is[i], nil)
			continue
		}
		changed := facts.changedFrom(is[i].facts)
		hasChanged = hasChanged || changed != nil || slices.Index(was, is[i]) != i
		is[i].facts = facts
		if changed != nil {
			changes[is[i]] = w.change(by, enum.RoleViewer, enum.ChangeUpdated, is[i], changed)
		}
	}
	stays := func(of, in []*modelComponent) []*modelComponent {
		return slices.DeleteFunc(slices.Clone(of), func(c *modelComponent) bool { return !slices.Contains(in, c) })
	}
	var fields []string
	if !slices.Equal(stays(was, is), stays(is, was)) {
		fields = append(fields, "stack")
	}
	isKnown := func(c *modelComponent) bool { return c.facts["technology"] != nil }
	hadScore := p.hasScore
	p.hasScore = slices.ContainsFunc(is, isKnown)
	isMadeOrGone := p.createdAt.Equal(w.now) || stack == nil // a change of its own
	if p.hasScore != hadScore && !isMadeOrGone {
		fields = append(fields, "score")
	}
	if fields != nil {
		w.record(by, p.of, enum.RoleViewer, enum.ChangeUpdated, p, fields...)
	}
	for _, n := range w.nodes { // in the order in which they were made
		if c := changes[n]; c != nil {
			p.of.log = append(p.of.log, c)
		}
	}
	p.stack = is
	return hasChanged
}
