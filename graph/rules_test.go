package graph_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/enum"
	"stackyard/internal/store"
)

const shownRules = "organization { revision rules { allowedLicenses disabledRules endOfLifeHorizonDays } }"

func TestOrganisationsSetTheirRules(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		mel := a.as(named("mel"))
		for _, c := range []struct {
			in   input
			want string
		}{
			{input{}, "1 null 180"},
			{input{"endOfLifeHorizonDays": 30}, "2 null 30"},
			{input{"endOfLifeHorizonDays": 30, "allowedLicenses": []string{}}, "3 30"},
			{input{"endOfLifeHorizonDays": 30, "allowedLicenses": nil}, "4 null 30"},
			{
				input{"endOfLifeHorizonDays": 3650, "allowedLicenses": []string{" mit", "apache-2.0", "MIT", "LicenseRef-RSALv2", "GPL-2.0+"}, "expectedRevision": 4},
				"5 MIT Apache-2.0 LicenseRef-RSALv2 GPL-2.0+ 3650",
			},
			{
				input{"endOfLifeHorizonDays": 3650, "allowedLicenses": []string{"MIT", "Apache-2.0", "LicenseRef-RSALv2", "GPL-2.0+"}},
				"5 MIT Apache-2.0 LicenseRef-RSALv2 GPL-2.0+ 3650",
			},
			{input{"endOfLifeHorizonDays": 1, "disabledRules": []string{"LICENSE_NOT_ALLOWED", "END_OF_LIFE", "LICENSE_NOT_ALLOWED"}}, "6 null END_OF_LIFE LICENSE_NOT_ALLOWED 1"},
			{input{"endOfLifeHorizonDays": 1, "disabledRules": []string{"END_OF_LIFE", "LICENSE_NOT_ALLOWED"}}, "6 null END_OF_LIFE LICENSE_NOT_ALLOWED 1"},
		} {
			c.in["organizationId"] = acme.organization
			if got := mel.did("setOrganizationRules", shownRules, c.in); got != c.want {
				t.Errorf("%v: %s, want %s", c.in, got, c.want)
			}
		}
		got, want := mel.changes(acme.organization), slices.Repeat([]string{"ORGANIZATION UPDATED rules by mel"}, 5)
		if diff := cmp.Diff(want, slices.DeleteFunc(got, func(c string) bool { return !strings.Contains(c, "rules") })); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFaultsOfRules(t *testing.T) {
	t.Parallel()
	many := make([]string, 101)
	for i := range many {
		many[i] = "LicenseRef-" + strconv.Itoa(i)
	}
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		mel := a.as(named("mel"))
		for _, c := range []struct {
			in   input
			want string
		}{
			{input{"endOfLifeHorizonDays": 0}, "OUT_OF_RANGE input.endOfLifeHorizonDays"},
			{input{"endOfLifeHorizonDays": 3651}, "OUT_OF_RANGE input.endOfLifeHorizonDays"},
			{input{"allowedLicenses": []string{"MIT", " ", "Proprietary", "MIT OR ISC", "LicenseRef-a b"}}, "REQUIRED input.allowedLicenses.1, " +
				"INVALID input.allowedLicenses.2, INVALID input.allowedLicenses.3, INVALID input.allowedLicenses.4"},
			{input{"allowedLicenses": many}, "TOO_LONG input.allowedLicenses"},
			{
				input{"endOfLifeHorizonDays": -1, "expectedRevision": 3, "allowedLicenses": []string{""}},
				"CONFLICT input.expectedRevision, OUT_OF_RANGE input.endOfLifeHorizonDays, REQUIRED input.allowedLicenses.0",
			},
		} {
			c.in["organizationId"] = acme.organization
			if got := mel.rejects("setOrganizationRules", c.in); got != c.want {
				t.Errorf("%v: %s, want %s", c.in, got, c.want)
			}
		}
		mel.does("setOrganizationRules", input{"organizationId": acme.organization, "allowedLicenses": many[:100]})
	})
}
