package enum

import (
	"io"
	"slices"
)

// OrganizationRole is what a member may do in an organisation.
type OrganizationRole string

// The roles, from the least to the most that one may do.
const (
	RoleViewer     OrganizationRole = "VIEWER"
	RoleEditor     OrganizationRole = "EDITOR"
	RoleMaintainer OrganizationRole = "MAINTAINER"
	RoleOwner      OrganizationRole = "OWNER"
)

var organizationRoleValues = []OrganizationRole{RoleViewer, RoleEditor, RoleMaintainer, RoleOwner}

// Values lists every OrganizationRole.
func (OrganizationRole) Values() []string { return names(organizationRoleValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *OrganizationRole) UnmarshalGQL(in any) error {
	return unmarshal(v, in, organizationRoleValues)
}

// MarshalGQL writes the value for GraphQL.
func (v OrganizationRole) MarshalGQL(w io.Writer) { marshal(w, v) }

// Rank is 1 for the least role and goes up with what one may do; 0 is no role.
func (v OrganizationRole) Rank() int { return slices.Index(organizationRoleValues, v) + 1 }

// Includes says whether whoever holds the role may do what the other one may.
func (v OrganizationRole) Includes(other OrganizationRole) bool { return v.Rank() >= other.Rank() }

// Visibility says who knows of a project.
type Visibility string

// The values of Visibility.
const (
	VisibilityPrivate Visibility = "PRIVATE"
	VisibilityPublic  Visibility = "PUBLIC"
)

var visibilityValues = []Visibility{VisibilityPrivate, VisibilityPublic}

// Values lists every Visibility.
func (Visibility) Values() []string { return names(visibilityValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *Visibility) UnmarshalGQL(in any) error { return unmarshal(v, in, visibilityValues) }

// MarshalGQL writes the value for GraphQL.
func (v Visibility) MarshalGQL(w io.Writer) { marshal(w, v) }

// Ring says how an organisation stands to a technology.
type Ring string

// The values of Ring.
const (
	RingAdopt  Ring = "ADOPT"
	RingTrial  Ring = "TRIAL"
	RingAssess Ring = "ASSESS"
	RingHold   Ring = "HOLD"
)

var ringValues = []Ring{RingAdopt, RingTrial, RingAssess, RingHold}

// Values lists every Ring.
func (Ring) Values() []string { return names(ringValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *Ring) UnmarshalGQL(in any) error { return unmarshal(v, in, ringValues) }

// MarshalGQL writes the value for GraphQL.
func (v Ring) MarshalGQL(w io.Writer) { marshal(w, v) }

// Traffic is how much a project has to serve.
type Traffic string

// The values of Traffic.
const (
	TrafficLow      Traffic = "LOW"
	TrafficModerate Traffic = "MODERATE"
	TrafficHigh     Traffic = "HIGH"
)

var trafficValues = []Traffic{TrafficLow, TrafficModerate, TrafficHigh}

// Values lists every Traffic.
func (Traffic) Values() []string { return names(trafficValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *Traffic) UnmarshalGQL(in any) error { return unmarshal(v, in, trafficValues) }

// MarshalGQL writes the value for GraphQL.
func (v Traffic) MarshalGQL(w io.Writer) { marshal(w, v) }

// ProjectOrderField is what projects can be ordered by.
type ProjectOrderField string

// The values of ProjectOrderField.
const (
	ProjectsByName      ProjectOrderField = "NAME"
	ProjectsByScore     ProjectOrderField = "SCORE"
	ProjectsByUpdatedAt ProjectOrderField = "UPDATED_AT"
)

var projectOrderFieldValues = []ProjectOrderField{ProjectsByName, ProjectsByScore, ProjectsByUpdatedAt}

// Values lists every ProjectOrderField.
func (ProjectOrderField) Values() []string { return names(projectOrderFieldValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *ProjectOrderField) UnmarshalGQL(in any) error {
	return unmarshal(v, in, projectOrderFieldValues)
}

// MarshalGQL writes the value for GraphQL.
func (v ProjectOrderField) MarshalGQL(w io.Writer) { marshal(w, v) }
