package app

import (
	"maps"
	"slices"
	"strings"

	"stackyard/ent"
	"stackyard/ent/technology"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/text"
)

// What the contract says of technologies.
const (
	mostTechnologySlug  = 60
	mostSummary         = 300
	mostLongDescription = 10000
	mostSteward         = 200
	mostCuratorNotes    = 2000
	mostAliases         = 20
	mostCategories      = 3
	mostUseCases        = 100
	leastYear           = 1950
)

// technologyFacts are what people say of a technology.
type technologyFacts struct {
	slug             string
	name             string
	summary          string
	description      *string
	homepage         *string
	documentation    *string
	repository       *string
	steward          *string
	license          *string
	isOpenSource     bool // which the licence says
	firstReleaseYear *int
	hosting          []enum.Hosting
	aliases          []string
	curatorNotes     *string
	categories       []string // slugs
	useCases         []string // slugs
}

func factsOfTechnology(t *ent.Technology) technologyFacts {
	return technologyFacts{
		slug: t.Slug, name: t.Name, summary: t.Summary, description: t.Description, homepage: t.Homepage, documentation: t.Documentation,
		repository: t.Repository, steward: t.Steward, license: t.LicenseExpression, isOpenSource: t.LicenseIsOpenSource,
		firstReleaseYear: t.FirstReleaseYear, hosting: t.Hosting, aliases: t.Aliases, curatorNotes: t.CuratorNotes,
	}
}

// The lists of a technology that are tables of their own; edited_fields names them like columns.
const (
	listCategories = "categories"
	listUseCases   = "use_cases"
)

// edited gives the columns and lists that differ, in order.
func (is technologyFacts) edited(was technologyFacts) []string {
	differs := map[string]bool{
		technology.FieldSlug:              is.slug != was.slug,
		technology.FieldName:              is.name != was.name,
		technology.FieldSummary:           is.summary != was.summary,
		technology.FieldDescription:       !same(is.description, was.description),
		technology.FieldHomepage:          !same(is.homepage, was.homepage),
		technology.FieldDocumentation:     !same(is.documentation, was.documentation),
		technology.FieldRepository:        !same(is.repository, was.repository),
		technology.FieldSteward:           !same(is.steward, was.steward),
		technology.FieldLicenseExpression: !same(is.license, was.license),
		technology.FieldFirstReleaseYear:  !same(is.firstReleaseYear, was.firstReleaseYear),
		technology.FieldHosting:           !slices.Equal(is.hosting, was.hosting),
		technology.FieldAliases:           !slices.Equal(is.aliases, was.aliases),
		technology.FieldCuratorNotes:      !same(is.curatorNotes, was.curatorNotes),
		listCategories:                    !slices.Equal(is.categories, was.categories),
		listUseCases:                      !slices.Equal(is.useCases, was.useCases),
	}
	maps.DeleteFunc(differs, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(differs))
}

// write writes all but the lists that are tables of their own.
func (is technologyFacts) write(m *ent.TechnologyMutation) {
	m.SetSlug(is.slug)
	m.SetName(is.name)
	m.SetNameKey(text.Key(is.name))
	m.SetSummary(is.summary)
	setSome(is.description, m.SetDescription, m.ClearDescription)
	setSome(is.homepage, m.SetHomepage, m.ClearHomepage)
	setSome(is.documentation, m.SetDocumentation, m.ClearDocumentation)
	setSome(is.repository, m.SetRepository, m.ClearRepository)
	setSome(is.steward, m.SetSteward, m.ClearSteward)
	setSome(is.license, m.SetLicenseExpression, m.ClearLicenseExpression)
	m.SetLicenseIsOpenSource(is.isOpenSource)
	setSome(is.firstReleaseYear, m.SetFirstReleaseYear, m.ClearFirstReleaseYear)
	m.SetHosting(is.hosting)
	m.SetAliases(is.aliases)
	setSome(is.curatorNotes, m.SetCuratorNotes, m.ClearCuratorNotes)
}

// newTechnology reads what is said of a new technology.
func (f *faults) newTechnology(in CreateTechnologyInput, given license, today calendar.Day) technologyFacts {
	is := technologyFacts{
		slug: f.slug(at("slug"), in.Slug, mostTechnologySlug), name: f.line(at("name"), in.Name, mostName),
		summary: f.line(at("summary"), in.Summary, mostSummary), description: f.prose(at("description"), in.Description, mostLongDescription),
		homepage: f.url(at("homepage"), in.Homepage), documentation: f.url(at("documentation"), in.Documentation),
		repository: f.url(at("repository"), in.Repository), steward: f.optionalLine(at("steward"), in.Steward, mostSteward),
		firstReleaseYear: f.year(in.FirstReleaseYear, today), hosting: once(in.Hosting), aliases: f.aliases(in.Aliases),
		curatorNotes: f.prose(at("curatorNotes"), in.CuratorNotes, mostCuratorNotes),
		categories:   f.slugs("categories", in.Categories, mostCategories), useCases: f.slugs("useCases", in.UseCases, mostUseCases),
	}
	is.license, is.isOpenSource = f.take(given)
	f.needCategory(in.Categories)
	return is
}

// changedTechnology reads what is said anew of a technology.
func (f *faults) changedTechnology(was technologyFacts, in UpdateTechnologyInput, given license, today calendar.Day) technologyFacts {
	is := was
	if v, isSet := in.Slug.ValueOK(); isSet && strings.TrimSpace(orEmpty(v)) != was.slug {
		is.slug = f.slug(at("slug"), orEmpty(v), mostTechnologySlug)
	}
	if in.Name.IsSet() {
		is.name = f.line(at("name"), orEmpty(in.Name.Value()), mostName)
	}
	if in.Summary.IsSet() {
		is.summary = f.line(at("summary"), orEmpty(in.Summary.Value()), mostSummary)
	}
	if in.Description.IsSet() {
		is.description = f.prose(at("description"), in.Description.Value(), mostLongDescription)
	}
	if in.Homepage.IsSet() {
		is.homepage = f.url(at("homepage"), in.Homepage.Value())
	}
	if in.Documentation.IsSet() {
		is.documentation = f.url(at("documentation"), in.Documentation.Value())
	}
	if in.Repository.IsSet() {
		is.repository = f.url(at("repository"), in.Repository.Value())
	}
	if in.Steward.IsSet() {
		is.steward = f.optionalLine(at("steward"), in.Steward.Value(), mostSteward)
	}
	if v, isSet := in.License.ValueOK(); isSet && !same(v, was.license) {
		is.license, is.isOpenSource = f.take(given)
	}
	if in.FirstReleaseYear.IsSet() {
		is.firstReleaseYear = f.year(in.FirstReleaseYear.Value(), today)
	}
	if in.Hosting.IsSet() {
		is.hosting = once(in.Hosting.Value())
	}
	if in.Aliases.IsSet() {
		is.aliases = f.aliases(in.Aliases.Value())
	}
	if in.CuratorNotes.IsSet() {
		is.curatorNotes = f.prose(at("curatorNotes"), in.CuratorNotes.Value(), mostCuratorNotes)
	}
	if in.Categories.IsSet() {
		is.categories = f.slugs("categories", in.Categories.Value(), mostCategories)
		f.needCategory(in.Categories.Value())
	}
	if in.UseCases.IsSet() {
		is.useCases = f.slugs("useCases", in.UseCases.Value(), mostUseCases)
	}
	return is
}

// once gives each value once, the first of them first.
func once[T comparable](values []T) []T {
	out := []T{}
	for _, v := range values {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func (f *faults) needCategory(slugs []string) {
	if len(slugs) == 0 {
		f.add(at("categories"), enum.InputRequired, "it names none")
	}
}

// year reads the year of a first release, which may be announced for the next.
func (f *faults) year(year *int, today calendar.Day) *int {
	if next := today.Time().Year() + 1; year != nil && (*year < leastYear || *year > next) {
		f.add(at("firstReleaseYear"), enum.InputOutOfRange, "it is from %d to %d", leastYear, next)
	}
	return year
}

// aliases reads other names, each of which must be there once.
func (f *faults) aliases(names []string) []string {
	if len(names) > mostAliases {
		f.add(at("aliases"), enum.InputTooLong, "it has more than %d names", mostAliases)
		return nil
	}
	out, isThere := []string{}, map[string]bool{}
	for i, name := range names {
		s := f.line(at("aliases", i), name, mostName)
		if s != "" && isThere[text.Fold(s)] {
			f.add(at("aliases", i), enum.InputInvalid, "it is there twice")
		}
		isThere[text.Fold(s)] = true
		out = append(out, s)
	}
	return out
}

// slugs reads the names of other objects, each of which must be there once.
func (f *faults) slugs(field string, names []string, most int) []string {
	if len(names) > most {
		f.add(at(field), enum.InputTooLong, "it names more than %d", most)
		return nil
	}
	out := []string{}
	for i, name := range names {
		s := strings.TrimSpace(name)
		switch {
		case s == "":
			f.add(at(field, i), enum.InputRequired, "it is blank")
		case slices.Contains(out, s):
			f.add(at(field, i), enum.InputInvalid, "it is there twice")
		}
		out = append(out, s)
	}
	return out
}
