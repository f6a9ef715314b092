package store

import (
	"cmp"

	"stackyard/ent"
	"stackyard/ent/project"
	"stackyard/ent/stackcomponent"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
)

// subject says how changes of an entity get into a change log.
type subject struct {
	kind  enum.ChangeSubjectType
	table string
	// organization is the column that says whose log it is; empty for the public catalogue.
	organization string
	// fields maps a column to the field that shows it, where that is not the
	// column's own name; to nothing where no field does, or where another value is no
	// change: that a fact was still true on a later day is none.
	fields map[string]string
	parts  []part
	// order is where its column "position" counts; nil where it has none.
	order *order
	// guarded are fields that the public may not read.
	guarded []string
	// hidden is the column that hides an object from the public; empty where none does.
	hidden string
	// least is the least role that may know of such changes, and ofField of those
	// of one field, where that takes more.
	least   enum.OrganizationRole
	ofField map[string]enum.OrganizationRole
}

// part is a table whose rows belong to a subject and make up a field of it.
type part struct {
	entity string
	table  string
	parent string // the column with the subject's key
	field  string
	// derived are columns that are not the part's own.
	derived []string
}

// order is a list that subjects make up, in the order of their positions. Where
// those that stay in it change places, the field of their parent has changed.
type order struct {
	entity string // of the parent
	parent string // the column with its key
	field  string
}

var technologySortKeys = []string{"name_key", "first_release_year", "rating_average", "updated_at"}

// bookkeeping are columns that no field shows, or that change with every change.
var bookkeeping = append([]string{
	"id", "file_digest", "file_key", "edited_fields", "name_key", "search_text", "position", "revision", "created_at", "updated_at",
}, unseen...)

// unseen are columns of bookkeeping that are written by themselves, and often.
var unseen = []string{project.FieldCheckedAt, project.FieldCheckedOn, project.FieldCheckedSequence, stackcomponent.FieldReleaseCycleID}

// subjects are the entities whose changes are logged.
var subjects = map[string]subject{
	ent.TypeCategory:  {kind: enum.SubjectCategory, table: "categories"},
	ent.TypeUseCase:   {kind: enum.SubjectUseCase, table: "use_cases"},
	ent.TypeCriterion: {kind: enum.SubjectCriterion, table: "criteria"},
	ent.TypeMistake:   {kind: enum.SubjectMistake, table: "mistakes"},
	ent.TypeTool:      {kind: enum.SubjectTool, table: "tools"},
	ent.TypeSource:    {kind: enum.SubjectSource, table: "sources", guarded: []string{"lastError"}},
	ent.TypeTechnology: {
		kind: enum.SubjectTechnology, table: tableTechnologies, guarded: []string{"curatorNotes"},
		fields: map[string]string{
			"license_expression": "license", "license_is_open_source": "license",
			"rating_average": "rating", "rating_distribution": "rating", "source_id": "source", "as_of": "",
		},
		parts: []part{
			{entity: ent.TypeTechnologyCategory, table: "technology_categories", parent: "technology_id", field: "categories", derived: technologySortKeys},
			{entity: ent.TypeTechnologyUseCase, table: "technology_use_cases", parent: "technology_id", field: "useCases", derived: technologySortKeys},
			{entity: ent.TypeIdentifier, table: "identifiers", parent: "technology_id", field: "identifiers"},
			{entity: ent.TypeAlternative, table: "alternatives", parent: "technology_id", field: "alternatives"},
			{entity: ent.TypeSuccessor, table: "successors", parent: "technology_id", field: "successors"},
		},
	},
	ent.TypeReleaseCycle: {
		kind: enum.SubjectReleaseCycle, table: tableReleaseCycles,
		fields: map[string]string{
			"technology_id": "technology", "source_id": "source", "end_of_life_passed": "isEndOfLife",
			"active_support_over": "status", "extended_support_over": "status", "as_of": "",
		},
		parts: []part{{entity: ent.TypeVersionRequirement, table: "version_requirements", parent: "release_cycle_id", field: "requirements"}},
	},
	ent.TypeAdvisory: {
		kind: enum.SubjectAdvisory, table: "advisories", fields: map[string]string{"source_id": "source", "as_of": ""},
		parts: []part{{entity: ent.TypeAffectedRange, table: "affected_ranges", parent: "advisory_id", field: "affected"}},
	},
	ent.TypeIntegration: {
		kind: enum.SubjectIntegration, table: "integrations",
		fields: map[string]string{"from_id": "from", "to_technology_id": "to", "to_tool_id": "to"},
	},
	ent.TypeUser: {
		kind: enum.SubjectUser, table: "users", guarded: []string{"email"},
		fields: map[string]string{"issuer": "", "subject": "", "token_issued_at": ""}, least: enum.RoleMaintainer,
	},
	ent.TypeReview: {
		kind: enum.SubjectReview, table: "reviews", guarded: []string{"moderationNote"}, hidden: "is_hidden",
		fields: map[string]string{"technology_id": "technology", "author_id": "author"},
	},
	ent.TypeOrganization: {
		kind: enum.SubjectOrganization, table: "organizations", organization: "id", least: enum.RoleMaintainer,
		fields:  map[string]string{"end_of_life_horizon_days": "rules", "allowed_licenses": "rules", "disabled_rules": "rules", "calendar_digest": ""},
		parts:   []part{{entity: ent.TypeInvitation, table: "invitations", parent: "organization_id", field: "invitations"}},
		ofField: map[string]enum.OrganizationRole{"invitations": enum.RoleOwner, "webhooks": enum.RoleOwner},
	},
	ent.TypeMember: {
		kind: enum.SubjectMember, table: "members", organization: "organization_id", least: enum.RoleMaintainer,
		fields: map[string]string{"organization_id": "", "user_id": "user"},
	},
	ent.TypeProject: {
		kind: enum.SubjectProject, table: "projects", organization: "organization_id", least: enum.RoleViewer,
		fields: map[string]string{
			"organization_id": "organization", "use_case_id": "useCase", "cost_amount": "monthlyCost", "cost_currency": "monthlyCost",
		},
		ofField: map[string]enum.OrganizationRole{"monthlyCost": enum.RoleMaintainer},
	},
	ent.TypeStackComponent: {
		kind: enum.SubjectStackComponent, table: "stack_components", organization: "organization_id", least: enum.RoleViewer,
		fields: map[string]string{
			"organization_id": "", "project_id": "project", "technology_id": "technology",
		},
		order: &order{entity: ent.TypeProject, parent: "project_id", field: "stack"},
	},
	ent.TypeFinding: {
		kind: enum.SubjectFinding, table: "findings", organization: "organization_id", least: enum.RoleViewer,
		fields: map[string]string{
			"organization_id": "", "project_id": "project", "identity": "", "component_id": "component", "severity_rank": "", "advisory_id": "advisory",
			"acknowledged_by_id": "acknowledgement", "acknowledged_reason": "acknowledgement", "acknowledged_until": "acknowledgement",
			"acknowledged_severity": "",
		},
	},
	ent.TypeWebhook: {
		kind: enum.SubjectWebhook, table: "webhooks", organization: "organization_id", least: enum.RoleOwner,
		fields: map[string]string{ // how deliveries go is no change: a webhook could be about its own otherwise
			"organization_id": "", "secret": "", "sequence": "", "last_delivered_at": "", "last_error": "", "failing_since": "",
			"next_attempt_at": "", "missed_count": "",
		},
	},
}

// ofPart is where the rows of a part belong.
type ofPart struct {
	subject string // the entity
	part
}

// partsOf finds the subject of a part by the part's entity.
var partsOf = func() map[string]ofPart {
	out := map[string]ofPart{}
	for name, s := range subjects {
		for _, p := range s.parts {
			out[p.entity] = ofPart{subject: name, part: p}
		}
	}
	return out
}()

// RoleForField is the least role that may know, from an organisation's log, that
// a field of a subject changed.
func RoleForField(kind enum.ChangeSubjectType, field string) enum.OrganizationRole {
	for _, s := range subjects {
		if s.kind == kind {
			return cmp.Or(s.ofField[field], s.least)
		}
	}
	return enum.RoleOwner
}

// IsInOrganizations says whether organisations' logs have changes of a kind of subject.
func IsInOrganizations(kind enum.ChangeSubjectType) bool {
	for _, s := range subjects {
		if s.kind == kind {
			return s.least != "" // that of users is of those in their organisations' logs
		}
	}
	return false
}

// TypeOfSubject is the type of the id of a change's subject.
func TypeOfSubject(kind enum.ChangeSubjectType) relay.Type {
	return map[enum.ChangeSubjectType]relay.Type{
		enum.SubjectCategory: relay.TypeCategory, enum.SubjectUseCase: relay.TypeUseCase, enum.SubjectCriterion: relay.TypeCriterion,
		enum.SubjectMistake: relay.TypeMistake, enum.SubjectTechnology: relay.TypeTechnology, enum.SubjectTool: relay.TypeTool,
		enum.SubjectIntegration: relay.TypeIntegration, enum.SubjectReleaseCycle: relay.TypeReleaseCycle, enum.SubjectAdvisory: relay.TypeAdvisory,
		enum.SubjectSource: relay.TypeSource, enum.SubjectUser: relay.TypeUser, enum.SubjectReview: relay.TypeReview,
		enum.SubjectOrganization: relay.TypeOrganization, enum.SubjectMember: relay.TypeMember, enum.SubjectProject: relay.TypeProject,
		enum.SubjectStackComponent: relay.TypeStackComponent, enum.SubjectFinding: relay.TypeFinding, enum.SubjectWebhook: relay.TypeWebhook,
	}[kind]
}
