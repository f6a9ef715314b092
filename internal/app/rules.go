package app

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"

	"stackyard/ent/project"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
)

// What the contract says of an organisation's rules.
const (
	leastHorizon = 1
	mostHorizon  = 3650
	mostLicenses = 100
)

// SetOrganizationRules sets what an organisation holds its projects to.
func (a *App) SetOrganizationRules(ctx context.Context, by Caller, in SetOrganizationRulesInput) (relay.ID, error) {
	id, err := a.run(ctx, by, "setOrganizationRules", func(ctx context.Context, w *work) (relay.ID, error) {
		o, err := w.organization(ctx, "organizationId", in.OrganizationID, enum.RoleMaintainer)
		if err != nil {
			return relay.ID{}, err
		}
		var f faults
		f.revision(in.ExpectedRevision, o.Revision)
		f.horizon(in.EndOfLifeHorizonDays)
		licenses, disabled := f.licenses(in.AllowedLicenses), inOrder(in.DisabledRules)
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		isSame := in.EndOfLifeHorizonDays == o.EndOfLifeHorizonDays && slices.Equal(disabled, o.DisabledRules) &&
			slices.Equal(licenses, o.AllowedLicenses) && (licenses == nil) == (o.AllowedLicenses == nil)
		if isSame {
			return o.GlobalID(), nil
		}
		update := o.Update().SetEndOfLifeHorizonDays(in.EndOfLifeHorizonDays).SetDisabledRules(disabled).AddRevision(1).SetUpdatedAt(w.now)
		if licenses == nil {
			update.ClearAllowedLicenses()
		} else {
			update.SetAllowedLicenses(licenses)
		}
		if err := update.Exec(ctx); err != nil {
			return relay.ID{}, err
		}
		return o.GlobalID(), w.Project.Update().Where(project.OrganizationID(o.ID)).SetCheckedOn(unchecked).Exec(ctx)
	})
	if err == nil {
		a.wake()
	}
	return id, err
}

// horizon checks how many days an end of life is looked ahead to.
func (f *faults) horizon(days int) {
	if days < leastHorizon || days > mostHorizon {
		f.add(at("endOfLifeHorizonDays"), enum.InputOutOfRange, "it is from %d to %d days", leastHorizon, mostHorizon)
	}
}

// inOrder gives each rule once, in an order that is always the same.
func inOrder(rules []enum.FindingRule) []enum.FindingRule {
	out := append([]enum.FindingRule{}, rules...)
	slices.Sort(out)
	return slices.Compact(out)
}

// licenses reads SPDX identifiers, each once; nil lets any licence through, and
// an empty list none.
func (f *faults) licenses(given []string) []string {
	where := "allowedLicenses"
	if given == nil {
		return nil
	}
	if len(given) > mostLicenses {
		f.add(at(where), enum.InputTooLong, "it has more than %d licences", mostLicenses)
		return nil
	}
	out := []string{}
	for i, g := range given {
		id, isKnown := licenseID(strings.TrimSpace(g))
		switch {
		case strings.TrimSpace(g) == "":
			f.add(at(where, i), enum.InputRequired, "it is blank")
		case !isKnown:
			f.add(at(where, i), enum.InputInvalid, "it is no SPDX licence identifier, such as MIT or Apache-2.0")
		case !slices.Contains(out, id):
			out = append(out, id)
		}
	}
	return out
}

var ownLicense = regexp.MustCompile(`^LicenseRef-[A-Za-z0-9.-]{1,100}$`)

// licenseID gives an identifier as SPDX writes it. Those that begin with
// LicenseRef- are nobody's but whoever's gives them.
func licenseID(s string) (id string, isKnown bool) {
	for _, list := range [][]string{spdxlicenses.GetLicenses(), spdxlicenses.GetDeprecated()} {
		i := slices.IndexFunc(list, func(l string) bool { return strings.EqualFold(l, s) })
		if i >= 0 {
			return list[i], true
		}
	}
	return s, ownLicense.MatchString(s)
}
