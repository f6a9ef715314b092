package catalog

import "strings"

var cycleColumns = []string{
	"name", "codename", "released_on", "is_long_term", "long_term_from", "active_support_until", "is_active_support_over",
	"end_of_life_on", "is_end_of_life", "extended_support_until", "is_extended_support_over", "latest_version",
	"latest_released_on",
}

func cycleOf(r *row) ReleaseCycle {
	isLongTerm, longTermFrom := r.flag("is_long_term"), r.day("long_term_from")
	return ReleaseCycle{
		Name:                  r.needed("name"),
		Codename:              r.text("codename"),
		ReleasedOn:            r.day("released_on"),
		IsLongTerm:            longTermFrom != nil || isLongTerm != nil && *isLongTerm,
		LongTermFrom:          longTermFrom,
		ActiveSupportUntil:    r.day("active_support_until"),
		IsActiveSupportOver:   r.flag("is_active_support_over"),
		EndOfLifeOn:           r.day("end_of_life_on"),
		IsEndOfLife:           r.flag("is_end_of_life"),
		ExtendedSupportUntil:  r.day("extended_support_until"),
		IsExtendedSupportOver: r.flag("is_extended_support_over"),
		LatestVersion:         r.text("latest_version"),
		LatestReleasedOn:      r.day("latest_released_on"),
		Source:                r.source,
		AsOf:                  r.asOf,
	}
}

var requirementColumns = []string{
	"technology", "release_cycle", "requires", "kind", "min_version", "max_version", "versions", "as_published",
}

func requirementOf(r *row) Requirement {
	requirement := Requirement{
		Technology:   r.needed("technology"),
		ReleaseCycle: r.needed("release_cycle"),
		Requires:     r.needed("requires"),
		MinVersion:   r.text("min_version"),
		MaxVersion:   r.text("max_version"),
		AsPublished:  r.needed("as_published"),
	}
	if err := requirement.Kind.UnmarshalGQL(r.text("kind")); err != nil {
		r.fail("kind", err)
	}
	if versions := r.text("versions"); versions != "" {
		requirement.Versions = strings.Split(versions, ",")
	}
	return requirement
}

var packageColumns = []string{"ecosystem", "package", "purl", "technology"}

func packageOf(r *row) Package {
	return Package{
		Ecosystem:  r.needed("ecosystem"),
		Name:       r.needed("package"),
		PURL:       r.needed("purl"),
		Technology: r.needed("technology"),
	}
}

var licenseColumns = []string{"id", "is_osi_approved"}

func licenseOf(r *row) License {
	r.needed("is_osi_approved")
	isApproved := r.flag("is_osi_approved")
	return License{ID: r.needed("id"), IsOSIApproved: isApproved != nil && *isApproved}
}
