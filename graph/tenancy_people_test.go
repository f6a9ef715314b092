package graph_test

import (
	"slices"
	"strings"

	"stackyard/internal/enum"
)

func organizationSlug(o *modelOrganization) any { return o.facts["slug"] }

func (w *world) createOrganization(by *modelUser, slug, name string) step {
	var o *modelOrganization
	return w.run(modelMutation{
		by: by, name: "createOrganization", input: map[string]any{"slug": slug, "name": name},
		object: "organization", selection: "{ " + organizationSelection + " }", answer: showIt(&o),
		do: func(*eyes) (out []modelFault) {
			if isTaken(w.organizations, slug, organizationSlug) {
				out = append(out, faulty(enum.InputTaken, "slug"))
			}
			if w.owned(by) >= mostOwned {
				out = append(out, faulty(enum.InputLimitReached))
			}
			if out != nil {
				return out
			}
			o = &modelOrganization{
				facts: facts{"slug": slug, "name": name}, revision: 1, createdAt: w.now,
				rules: facts{"endOfLifeHorizonDays": 180, "allowedLicenses": nil, "disabledRules": []string{}},
			}
			w.organizations = append(w.organizations, o)
			w.add(o)
			w.record(by, o, enum.RoleMaintainer, enum.ChangeCreated, o)
			w.join(o, by, enum.RoleOwner)
			return nil
		},
	})
}

func (w *world) join(o *modelOrganization, who *modelUser, role enum.OrganizationRole) {
	m := &modelMember{of: o, user: who, role: role, since: w.now}
	o.members = append(o.members, m)
	w.add(m)
	w.record(who, o, enum.RoleMaintainer, enum.ChangeCreated, m)
}

func (w *world) updateOrganization(by *modelUser, about modelNode, input map[string]any) step {
	o, _ := about.(*modelOrganization)
	return w.run(modelMutation{
		by: by, name: "updateOrganization", input: input, field: "organizationId", about: about, role: enum.RoleOwner,
		object: "organization", selection: "{ " + organizationSelection + " }", answer: showIt(&o),
		do: func(*eyes) []modelFault {
			out, is := expects(input, o.revision), merged(o.facts, input)
			if is["slug"] != o.facts["slug"] && isTaken(w.organizations, is["slug"], organizationSlug) {
				out = append(out, faulty(enum.InputTaken, "slug"))
			}
			if changed := is.changedFrom(o.facts); out == nil && changed != nil {
				o.facts, o.revision = is, o.revision+1
				w.record(by, o, enum.RoleMaintainer, enum.ChangeUpdated, o, changed...)
			}
			return out
		},
	})
}

func (w *world) setOrganizationRules(by *modelUser, about modelNode, input map[string]any) step {
	o, _ := about.(*modelOrganization)
	return w.run(modelMutation{
		by: by, name: "setOrganizationRules", input: input, field: "organizationId", about: about, role: enum.RoleMaintainer,
		object: "organization", selection: "{ " + organizationSelection + " }", answer: showIt(&o),
		do: func(*eyes) []modelFault {
			if out := expects(input, o.revision); out != nil {
				return out
			}
			is := merged(facts{"endOfLifeHorizonDays": 180, "allowedLicenses": nil, "disabledRules": []string{}}, input)
			if is.changedFrom(o.rules) != nil {
				o.rules, o.revision = is, o.revision+1
				w.record(by, o, enum.RoleMaintainer, enum.ChangeUpdated, o, "rules")
			}
			return nil
		},
	})
}

func (w *world) deleteOrganization(by *modelUser, about modelNode) step {
	o, _ := about.(*modelOrganization)
	return w.run(modelMutation{
		by: by, name: "deleteOrganization", input: map[string]any{}, field: "organizationId", about: about, role: enum.RoleOwner,
		object: "deletedOrganizationId", answer: itsID(about),
		do: func(*eyes) []modelFault {
			w.organizations = without(w.organizations, o)
			return nil
		},
	})
}

func (w *world) inviteMember(by *modelUser, about modelNode, email string, role enum.OrganizationRole) step {
	o, _ := about.(*modelOrganization)
	var i *modelInvitation
	return w.run(modelMutation{
		by: by, name: "inviteMember", input: map[string]any{"email": email, "role": role}, field: "organizationId", about: about, role: enum.RoleOwner,
		object: "invitation", selection: "{ " + invitationSelection + " }", answer: showIt(&i),
		do: func(*eyes) []modelFault {
			waiting := o.waiting(w.now)
			at := slices.IndexFunc(waiting, func(i *modelInvitation) bool { return strings.EqualFold(i.email, email) })
			switch {
			case at >= 0:
				i = waiting[at]
				o.invitations = append(slices.DeleteFunc(o.invitations, func(other *modelInvitation) bool { return other == i }), i) // it is the newest
			case len(waiting) >= mostInvitations:
				return []modelFault{faulty(enum.InputLimitReached, "organizationId")}
			default:
				i = &modelInvitation{of: o}
				o.invitations = append(o.invitations, i)
				w.add(i)
			}
			i.email, i.role, i.expiresAt = email, role, w.now.Add(invitationTTL)
			w.record(by, o, enum.RoleOwner, enum.ChangeUpdated, o, "invitations")
			return nil
		},
	})
}

func (w *world) acceptInvitation(by *modelUser, about modelNode) step {
	i, _ := about.(*modelInvitation)
	var o *modelOrganization
	return w.run(modelMutation{
		by: by, name: "acceptInvitation", input: map[string]any{}, field: "invitationId", about: about,
		object: "organization", selection: "{ " + organizationSelection + " }", answer: showIt(&o),
		do: func(*eyes) []modelFault {
			if !i.isFor(by) {
				return []modelFault{faulty(enum.InputNotFound, "invitationId")}
			}
			o = i.of
			isMember := o.memberOf(by) != nil
			if !isMember && i.role == enum.RoleOwner && w.owned(by) >= mostOwned {
				return []modelFault{faulty(enum.InputLimitReached, "invitationId")}
			}
			o.invitations = without(o.invitations, i)
			w.record(by, o, enum.RoleOwner, enum.ChangeUpdated, o, "invitations")
			if !isMember {
				w.join(o, by, i.role)
			}
			return nil
		},
	})
}

func (w *world) revokeInvitation(by *modelUser, about modelNode) step {
	i, _ := about.(*modelInvitation)
	return w.run(modelMutation{
		by: by, name: "revokeInvitation", input: map[string]any{}, field: "invitationId", about: about, role: enum.RoleOwner,
		object: "revokedInvitationId", answer: itsID(about),
		do: func(*eyes) []modelFault {
			i.of.invitations = without(i.of.invitations, i)
			w.record(by, i.of, enum.RoleOwner, enum.ChangeUpdated, i.of, "invitations")
			return nil
		},
	})
}

func (w *world) setMemberRole(by *modelUser, about, user modelNode, role enum.OrganizationRole) step {
	o, _ := about.(*modelOrganization)
	var m *modelMember
	return w.run(modelMutation{
		by: by, name: "setMemberRole", input: map[string]any{"userId": user.thing().id, "role": role}, field: "organizationId", about: about, role: enum.RoleOwner,
		object: "member", selection: "{ " + memberSelection + " }", answer: showIt(&m),
		do: func(*eyes) []modelFault {
			if m = o.memberNamed(user); m == nil {
				return []modelFault{faulty(enum.InputNotFound, "userId")}
			}
			if m.role == role {
				return nil
			}
			if m.role == enum.RoleOwner && o.owners() == 1 {
				return []modelFault{faulty(enum.InputInUse, "role")}
			}
			m.role = role
			w.record(by, o, enum.RoleMaintainer, enum.ChangeUpdated, m, "role")
			return nil
		},
	})
}

// memberNamed finds the member that an id of whatever kind names as a user.
func (o *modelOrganization) memberNamed(n modelNode) *modelMember {
	u, _ := n.(*modelUser)
	if u == nil {
		return nil
	}
	return o.memberOf(u)
}

func (w *world) removeMember(by *modelUser, about, user modelNode) step {
	o, _ := about.(*modelOrganization)
	return w.run(modelMutation{
		by: by, name: "removeMember", input: map[string]any{"userId": user.thing().id}, field: "organizationId", about: about, role: enum.RoleOwner,
		object: "removedUserId", answer: itsID(user),
		do: func(*eyes) []modelFault {
			m := o.memberNamed(user)
			if m == nil {
				return []modelFault{faulty(enum.InputNotFound, "userId")}
			}
			return w.part(by, o, m, "userId")
		},
	})
}

func (w *world) leaveOrganization(by *modelUser, about modelNode) step {
	o, _ := about.(*modelOrganization)
	return w.run(modelMutation{
		by: by, name: "leaveOrganization", input: map[string]any{}, field: "organizationId", about: about, role: enum.RoleViewer,
		object: "leftOrganizationId", answer: itsID(about),
		do: func(*eyes) []modelFault { return w.part(by, o, o.memberOf(by), "organizationId") },
	})
}

// part ends a membership, unless it is the last owner's.
func (w *world) part(by *modelUser, o *modelOrganization, m *modelMember, field string) []modelFault {
	if m.role == enum.RoleOwner && o.owners() == 1 {
		return []modelFault{faulty(enum.InputInUse, field)}
	}
	o.members = without(o.members, m)
	w.record(by, o, enum.RoleMaintainer, enum.ChangeDeleted, m)
	return nil
}

// rename gives somebody another name, as their next token says.
func (w *world) rename(who *modelUser, name string) step {
	if who.token.Name != name {
		token := *who.token
		token.Name, token.IssuedAt = name, w.now
		who.token = &token
		for _, o := range w.organizations {
			if o.memberOf(who) != nil {
				w.record(nil, o, enum.RoleMaintainer, enum.ChangeUpdated, who, "name")
			}
		}
		if w.isKnownToAll(who) {
			w.log = append(w.log, w.change(nil, "", enum.ChangeUpdated, who, []string{"name"}))
		}
	}
	return readViewer(who)
}
