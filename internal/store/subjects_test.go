package store

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/ent/migrate"
	"stackyard/internal/enum"
)

// unrecorded are the tables that hold no facts of their own: derived from others, or nobody's to see.
var unrecorded = []string{
	"advisory_names", "integration_sides", "technology_advisories", "technology_names", "technology_tags", // derived
	"known_packages",                                                                 // no field shows it
	"change_logs", "changes", "idempotency_keys", "leases", "settings", "tombstones", // bookkeeping
}

func contract(t *testing.T) *ast.Schema {
	t.Helper()
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	s, err := gqlparser.LoadSchema(&ast.Source{Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// columnsOf gives the columns of each table.
func columnsOf() map[string][]string {
	out := map[string][]string{}
	for _, t := range migrate.Tables {
		for _, c := range t.Columns {
			out[t.Name] = append(out[t.Name], c.Name)
		}
	}
	return out
}

func TestEveryTableIsRecordedOrHoldsNoFacts(t *testing.T) {
	tables := columnsOf()
	known := slices.Clone(unrecorded)
	for entity, s := range subjects {
		known = append(known, s.table)
		for _, p := range s.parts {
			known = append(known, p.table)
			for _, column := range append([]string{p.parent}, p.derived...) {
				if !slices.Contains(tables[p.table], column) {
					t.Errorf("%s has no column %s, for %s", p.table, column, entity)
				}
			}
		}
	}
	for table := range tables {
		if !slices.Contains(known, table) {
			t.Errorf("changes of %s are not recorded", table)
		}
	}
	for _, table := range known {
		if tables[table] == nil {
			t.Errorf("there is no table %s", table)
		}
	}
}

func TestEveryColumnOfASubjectIsAFieldOrBookkeeping(t *testing.T) {
	tables, sdl := columnsOf(), contract(t)
	shown := []string{"id", "revision", "created_at", "updated_at"} // what every change changes
	for entity, s := range subjects {
		of := sdl.Types[entity]
		if of == nil {
			t.Fatalf("the contract has no type %s", entity)
		}
		isField := func(field string) bool { return of.Fields.ForName(field) != nil }
		for _, column := range tables[s.table] {
			field, isMapped := s.fields[column]
			switch {
			case slices.Contains(bookkeeping, column):
				if isMapped || isField(camel(column)) && !slices.Contains(shown, column) {
					t.Errorf("%s.%s is bookkeeping, and a field", entity, column)
				}
			case !isMapped && !isField(camel(column)):
				t.Errorf("%s.%s is no field of the contract", entity, column)
			case isMapped && field != "" && !isField(field):
				t.Errorf("%s.%s is mapped to %s, which is no field", entity, column, field)
			}
		}
		for column := range s.fields {
			if !slices.Contains(tables[s.table], column) {
				t.Errorf("%s maps %s, which is no column", entity, column)
			}
		}
		for _, p := range s.parts {
			if !isField(p.field) {
				t.Errorf("%s has a part %s, which is no field", entity, p.field)
			}
		}
		if s.order != nil && (!slices.Contains(tables[s.table], s.order.parent) || sdl.Types[s.order.entity].Fields.ForName(s.order.field) == nil) {
			t.Errorf("%s is ordered in %v, which is not there", entity, *s.order)
		}
		for _, column := range []string{s.organization, s.hidden} {
			if column != "" && !slices.Contains(tables[s.table], column) {
				t.Errorf("%s has no column %s", entity, column)
			}
		}
		if s.hidden != "" && len(s.parts) > 0 {
			t.Errorf("%s has parts: whether it is hidden is not known where they alone are written", entity)
		}
	}
}

func TestEveryKindOfChangeHasItsSubject(t *testing.T) {
	sdl := contract(t)
	kinds := map[string]string{}
	for entity, s := range subjects {
		kinds[string(s.kind)] = entity
	}
	for _, value := range sdl.Types["ChangeSubjectType"].EnumValues {
		name := strings.ReplaceAll(strings.ToLower(kinds[value.Name]), "_", "")
		if name != strings.ReplaceAll(strings.ToLower(value.Name), "_", "") {
			t.Errorf("the subject of %s is %q", value.Name, kinds[value.Name])
		}
	}
	for _, of := range sdl.GetPossibleTypes(sdl.Types["Node"]) {
		_, isSubject := subjects[of.Name]
		_, isPart := partsOf[of.Name]
		if isSubject == isPart {
			t.Errorf("%s has a global id: it is a subject or a part", of.Name)
		}
	}
	if want := sdl.Types["ChangeSubjectType"].EnumValues; len(subjects) != len(want) {
		t.Errorf("%d subjects, %d kinds", len(subjects), len(want))
	}
}

// ruleOn gives the role that a field asks for, and whether it asks for more than a look.
func ruleOn(f *ast.FieldDefinition) (role enum.OrganizationRole, isGuarded bool) {
	for _, d := range f.Directives {
		switch d.Name {
		case "requiresRole":
			return enum.OrganizationRole(d.Arguments.ForName("role").Value.Raw), true
		case "requiresScopes", "authenticated":
			isGuarded = true
		}
	}
	return "", isGuarded
}

func TestWhoMayKnowOfAChangeIsWhoMayReadTheField(t *testing.T) {
	sdl := contract(t)
	least := map[enum.ChangeSubjectType]enum.OrganizationRole{ // as Change and OrganizationRole say
		enum.SubjectProject: enum.RoleViewer, enum.SubjectStackComponent: enum.RoleViewer, enum.SubjectFinding: enum.RoleViewer,
		enum.SubjectWebhook: enum.RoleOwner, enum.SubjectOrganization: enum.RoleMaintainer, enum.SubjectMember: enum.RoleMaintainer, enum.SubjectUser: enum.RoleMaintainer,
	}
	for entity, s := range subjects {
		if s.least != least[s.kind] {
			t.Errorf("changes of %s are for %q", entity, s.least)
		}
		var guarded []string
		for _, f := range sdl.Types[entity].Fields {
			role, isGuarded := ruleOn(f)
			if isGuarded {
				guarded = append(guarded, f.Name)
			}
			if s.organization == "" {
				continue
			}
			if got, want := RoleForField(s.kind, f.Name).Rank(), max(role.Rank(), s.least.Rank()); got != want {
				t.Errorf("that %s.%s changed is for rank %d, want %d", entity, f.Name, got, want)
			}
		}
		if s.organization != "" {
			guarded = nil // its log is not public
		}
		if diff := cmp.Diff(guarded, s.guarded); diff != "" {
			t.Errorf("guarded fields of %s (-contract +subject):\n%s", entity, diff)
		}
		for field := range s.ofField {
			if sdl.Types[entity].Fields.ForName(field) == nil {
				t.Errorf("%s has no field %s", entity, field)
			}
		}
	}
}

func TestWhatTheDatabaseDeletesByItselfIsKnown(t *testing.T) {
	got := map[string][]string{}
	for referred, all := range dependents {
		for _, d := range all {
			text := d.entity + "." + d.column
			if !d.isDeleted {
				text += "?"
			}
			got[referred] = append(got[referred], text)
		}
		slices.Sort(got[referred])
	}
	want := map[string][]string{ // a question mark: it loses the reference alone
		"advisories":       {"AffectedRange.advisory_id", "Finding.advisory_id?"},
		"organizations":    {"Finding.organization_id", "Invitation.organization_id", "Member.organization_id", "Project.organization_id", "StackComponent.organization_id", "Webhook.organization_id"},
		"projects":         {"Finding.project_id", "StackComponent.project_id"},
		"release_cycles":   {"StackComponent.release_cycle_id?", "VersionRequirement.release_cycle_id"},
		"stack_components": {"Finding.component_id?"},
		"sources":          {"Advisory.source_id?", "ReleaseCycle.source_id?", "Technology.source_id?"},
		"tools":            {"Integration.to_tool_id"},
		"users":            {"Member.user_id", "Review.author_id"},
		"technologies": {
			"AffectedRange.technology_id", "Alternative.alternative_id", "Alternative.technology_id", "Identifier.technology_id",
			"Integration.from_id", "Integration.to_technology_id", "ReleaseCycle.technology_id", "Review.technology_id",
			"Successor.successor_id", "Successor.technology_id", "TechnologyCategory.technology_id", "TechnologyUseCase.technology_id",
			"VersionRequirement.technology_id",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
