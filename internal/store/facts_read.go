package store

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/advisory"
	"stackyard/ent/affectedrange"
	"stackyard/ent/alternative"
	"stackyard/ent/integration"
	"stackyard/ent/integrationside"
	"stackyard/ent/releasecycle"
	"stackyard/ent/successor"
	"stackyard/ent/technology"
	"stackyard/ent/technologyadvisory"
	"stackyard/ent/technologycategory"
	"stackyard/ent/technologyusecase"
	"stackyard/ent/versionrequirement"
	"stackyard/internal/advice"
	"stackyard/internal/lifecycle"
)

// factsReader reads technologies with all that hangs on them: one statement for each kind of fact.
type factsReader struct {
	*ent.Client
	// only are the keys of technologies; nil for all.
	only []int64
	out  map[int64]*advice.Technology
	// names has every technology that is named by another.
	names map[int64]*ent.Technology
}

// factsOf reads the facts about some technologies, or about all where only is nil.
func factsOf(ctx context.Context, c *ent.Client, only []int64) (map[int64]*advice.Technology, error) {
	r := &factsReader{Client: c, only: only, out: map[int64]*advice.Technology{}, names: map[int64]*ent.Technology{}}
	for _, read := range []struct {
		what string
		how  func(context.Context) error
	}{
		{"names", r.readNames},
		{"technologies", r.technologies},
		{"categories", r.categories},
		{"use cases", r.useCases},
		{"alternatives", r.alternatives},
		{"successors", r.successors},
		{"integrations", r.integrations},
		{"release cycles", r.cycles},
		{"advisories", r.advisories},
	} {
		if err := read.how(ctx); err != nil {
			return nil, fmt.Errorf("reading %s: %w", read.what, err)
		}
	}
	return r.out, nil
}

// of is the condition that a column names one of the technologies that are read.
func (r *factsReader) of(column string) func(*sql.Selector) {
	if r.only == nil {
		return func(*sql.Selector) {}
	}
	return among(column, r.only)
}

func (r *factsReader) readNames(ctx context.Context) error {
	rows, err := r.Technology.Query().Select(technology.FieldSlug, technology.FieldName, technology.FieldLicenseExpression).All(ctx)
	for _, t := range rows {
		r.names[t.ID] = t
	}
	return err
}

func (r *factsReader) technologies(ctx context.Context) error {
	rows, err := r.Technology.Query().Where(r.of(technology.FieldID)).All(ctx)
	for _, t := range rows {
		reviews := 0
		for _, n := range t.RatingDistribution {
			reviews += n
		}
		r.out[t.ID] = &advice.Technology{
			ID: t.ID, Slug: t.Slug, Name: t.Name, Capabilities: t.Capabilities, Hosting: t.Hosting, Languages: t.Languages,
			License: value(t.LicenseExpression), IsOpenSource: t.LicenseIsOpenSource, Steward: value(t.Steward),
			FirstReleaseYear: value(t.FirstReleaseYear), Documentation: value(t.Documentation), ReleasePolicy: value(t.ReleasePolicy),
			VersionCommand: value(t.VersionCommand), Aliases: t.Aliases, Rating: t.RatingAverage, Reviews: reviews, AsOf: t.AsOf,
		}
	}
	return err
}

func (r *factsReader) categories(ctx context.Context) error {
	slugs := map[int64]string{}
	all, err := r.Category.Query().All(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		slugs[c.ID] = c.Slug
	}
	rows, err := r.TechnologyCategory.Query().Where(r.of(technologycategory.FieldTechnologyID)).
		Order(ent.Asc(technologycategory.FieldTechnologyID, technologycategory.FieldPosition)).
		Select(technologycategory.FieldTechnologyID, technologycategory.FieldCategoryID).All(ctx)
	for _, row := range rows {
		t := r.out[row.TechnologyID]
		t.Categories = append(t.Categories, slugs[row.CategoryID])
	}
	return err
}

func (r *factsReader) useCases(ctx context.Context) error {
	slugs := map[int64]string{}
	all, err := r.UseCase.Query().All(ctx)
	if err != nil {
		return err
	}
	for _, u := range all {
		slugs[u.ID] = u.Slug
	}
	rows, err := r.TechnologyUseCase.Query().Where(r.of(technologyusecase.FieldTechnologyID)).
		Order(ent.Asc(technologyusecase.FieldTechnologyID, technologyusecase.FieldUseCaseID)).
		Select(technologyusecase.FieldTechnologyID, technologyusecase.FieldUseCaseID).All(ctx)
	for _, row := range rows {
		t := r.out[row.TechnologyID]
		t.UseCases = append(t.UseCases, slugs[row.UseCaseID])
	}
	return err
}

func (r *factsReader) alternatives(ctx context.Context) error {
	rows, err := r.Alternative.Query().Where(r.of(alternative.FieldTechnologyID)).
		Order(ent.Asc(alternative.FieldTechnologyID, alternative.FieldPosition)).All(ctx)
	for _, row := range rows {
		t := r.out[row.TechnologyID]
		other := r.names[row.AlternativeID]
		t.Alternatives = append(t.Alternatives, advice.Other{Name: other.Name, License: value(other.LicenseExpression)})
	}
	return err
}

func (r *factsReader) successors(ctx context.Context) error {
	rows, err := r.Successor.Query().Where(r.of(successor.FieldTechnologyID)).
		Order(ent.Asc(successor.FieldTechnologyID, successor.FieldPosition)).All(ctx)
	for _, row := range rows {
		t := r.out[row.TechnologyID]
		t.Successors = append(t.Successors, r.names[row.SuccessorID].Name)
	}
	return err
}

func (r *factsReader) integrations(ctx context.Context) error {
	sides, err := r.IntegrationSide.Query().Where(r.of(integrationside.FieldTechnologyID)).
		Order(ent.Asc(integrationside.FieldTechnologyID, integrationside.FieldIntegrationID)).
		Select(integrationside.FieldTechnologyID, integrationside.FieldIntegrationID).All(ctx)
	if err != nil {
		return err
	}
	integrations := make([]int64, len(sides))
	for i, s := range sides {
		integrations[i] = s.IntegrationID
	}
	rows, err := r.Integration.Query().Where(r.some(integration.FieldID, integrations)).
		Select(integration.FieldFromID, integration.FieldToTechnologyID, integration.FieldArea, integration.FieldSupport).All(ctx)
	if err != nil {
		return err
	}
	known := make(map[int64]*ent.Integration, len(rows))
	for _, row := range rows {
		known[row.ID] = row
	}
	for _, s := range sides {
		t, i := r.out[s.TechnologyID], known[s.IntegrationID]
		other := i.FromID
		if other == t.ID {
			other = value(i.ToTechnologyID)
		}
		t.Integrations = append(t.Integrations, advice.Integration{Area: i.Area, Support: i.Support, With: other})
	}
	return nil
}

// some is the condition that a column holds one of the keys that hang on the
// technologies that are read; where those are all, so are these.
func (r *factsReader) some(column string, keys []int64) func(*sql.Selector) {
	if r.only == nil {
		return func(*sql.Selector) {}
	}
	return among(column, keys)
}

func (r *factsReader) cycles(ctx context.Context) error {
	rows, err := r.ReleaseCycle.Query().Where(r.of(releasecycle.FieldTechnologyID)).
		Order(ent.Asc(releasecycle.FieldTechnologyID, releasecycle.FieldPosition, releasecycle.FieldID)).All(ctx)
	if err != nil {
		return err
	}
	cycles := make([]int64, len(rows))
	for i, row := range rows {
		cycles[i] = row.ID
	}
	needs, err := r.VersionRequirement.Query().Where(r.some(versionrequirement.FieldReleaseCycleID, cycles)).
		Order(ent.Asc(versionrequirement.FieldReleaseCycleID, versionrequirement.FieldPosition)).All(ctx)
	if err != nil {
		return err
	}
	needed := map[int64][]advice.Requirement{}
	for _, n := range needs {
		needed[n.ReleaseCycleID] = append(needed[n.ReleaseCycleID], advice.Requirement{
			Slug: r.names[n.TechnologyID].Slug, Name: r.names[n.TechnologyID].Name, Kind: n.Kind,
			Min: value(n.MinVersion), Max: value(n.MaxVersion), Versions: n.Versions,
		})
	}
	for _, row := range rows {
		t := r.out[row.TechnologyID]
		t.Cycles = append(t.Cycles, advice.Cycle{
			Cycle: lifecycle.Cycle{
				ReleasedOn: row.ReleasedOn, IsLongTerm: row.IsLongTerm, LongTermFrom: row.LongTermFrom,
				ActiveSupportUntil: row.ActiveSupportUntil, ActiveSupportOver: row.ActiveSupportOver,
				EndOfLifeOn: row.EndOfLifeOn, EndOfLifePassed: row.EndOfLifePassed,
				ExtendedSupportUntil: row.ExtendedSupportUntil, ExtendedSupportOver: row.ExtendedSupportOver,
			},
			ID: row.ID, Name: row.Name, Codename: value(row.Codename), LatestVersion: value(row.LatestVersion), LatestReleasedOn: row.LatestReleasedOn,
			Requirements: needed[row.ID], AsOf: row.AsOf,
		})
	}
	return nil
}

func (r *factsReader) advisories(ctx context.Context) error {
	links, err := r.TechnologyAdvisory.Query().Where(r.of(technologyadvisory.FieldTechnologyID)).
		Order(ent.Asc(technologyadvisory.FieldTechnologyID, technologyadvisory.FieldAdvisoryID)).
		Select(technologyadvisory.FieldTechnologyID, technologyadvisory.FieldAdvisoryID).All(ctx)
	if err != nil {
		return err
	}
	keys := make([]int64, len(links))
	for i, l := range links {
		keys[i] = l.AdvisoryID
	}
	rows, err := r.Advisory.Query().Where(r.some(advisory.FieldID, keys)).All(ctx)
	if err != nil {
		return err
	}
	known := make(map[int64]*ent.Advisory, len(rows))
	for _, a := range rows {
		known[a.ID] = a
	}
	bounds, err := r.AffectedRange.Query().Where(r.of(affectedrange.FieldTechnologyID)).
		Order(ent.Asc(affectedrange.FieldAdvisoryID, affectedrange.FieldPosition)).All(ctx)
	if err != nil {
		return err
	}
	type pair struct{ technology, advisory int64 }
	ranges := map[pair][]advice.Range{}
	for _, b := range bounds {
		of := pair{b.TechnologyID, b.AdvisoryID}
		ranges[of] = append(ranges[of], advice.Range{
			Package:    advice.Package{Ecosystem: value(b.Ecosystem), Name: value(b.Package)},
			Introduced: value(b.Introduced), Fixed: value(b.Fixed), LastAffected: value(b.LastAffected),
			Versions: b.Versions, IsDecidable: b.IsDecidable,
		})
	}
	for _, l := range links {
		t, a := r.out[l.TechnologyID], known[l.AdvisoryID]
		t.Advisories = append(t.Advisories, advice.Advisory{
			ID: a.ID, Identifier: a.Identifier, Summary: value(a.Summary), Severity: a.Severity, Score: a.Score,
			PublishedAt: a.PublishedAt, ModifiedAt: a.ModifiedAt, WithdrawnAt: a.WithdrawnAt, Ranges: ranges[pair{t.ID, a.ID}], AsOf: a.AsOf,
		})
	}
	return nil
}

// value gives what a column holds, and nothing of its kind where it holds none.
func value[T any](of *T) T {
	if of == nil {
		var none T
		return none
	}
	return *of
}
