package app

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/identifier"
	"stackyard/ent/knownpackage"
	"stackyard/ent/technology"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/text"
)

// recognized is what a text names.
type recognized struct {
	clue
	// technology is 0 where the catalogue does not know it, or knows several by that name.
	technology int64
	by         enum.MatchMethod
}

// recognize says which technology each text names, in three statements at most,
// however many texts there are.
func recognize(ctx context.Context, client *ent.Client, texts []string) ([]recognized, error) {
	out := make([]recognized, len(texts))
	var names, identifiers, packages []string
	for i, t := range texts {
		out[i].clue = clueOf(t)
		for c := &out[i].clue; c != nil; c = c.within {
			names = append(names, c.names...)
			identifiers = append(identifiers, c.identifiers...)
			packages = append(packages, c.packages...)
		}
	}
	known := leads{}
	if err := known.byNames(ctx, client, names); err != nil {
		return nil, fmt.Errorf("recognising names: %w", err)
	}
	if err := known.byIdentifiers(ctx, client, identifiers); err != nil {
		return nil, fmt.Errorf("recognising identifiers: %w", err)
	}
	if err := known.byPackages(ctx, client, packages); err != nil {
		return nil, fmt.Errorf("recognising packages: %w", err)
	}
	for i := range out {
		out[i].technology, out[i].by = known.follow(out[i].clue)
		if within := out[i].within; out[i].technology == 0 && within != nil {
			if technology, by := known.follow(*within); technology != 0 {
				out[i] = recognized{clue: *within, technology: technology, by: by}
			}
		}
	}
	return out, nil
}

// lead is what a text leads to by a method.
type lead struct {
	by   enum.MatchMethod
	text string
}

// leads are the technologies that texts lead to, each once.
type leads map[lead][]int64

func (l leads) add(by enum.MatchMethod, text string, technology int64) {
	at := lead{by, text}
	if !slices.Contains(l[at], technology) {
		l[at] = append(l[at], technology)
	}
}

// follow takes the surest lead; one that leads to several technologies leads nowhere.
func (l leads) follow(c clue) (int64, enum.MatchMethod) {
	texts := map[enum.MatchMethod][]string{
		enum.MatchedBySlug: c.names, enum.MatchedByName: c.names, enum.MatchedByAlias: c.names, enum.MatchedByIdentifier: c.identifiers, enum.MatchedByPackage: c.packages,
	}
	for _, by := range enum.MatchMethods {
		for _, t := range texts[by] {
			switch found := l[lead{by, t}]; len(found) {
			case 0:
			case 1:
				return found[0], by
			default:
				return 0, ""
			}
		}
	}
	return 0, ""
}

func (l leads) byNames(ctx context.Context, client *ent.Client, names []string) error {
	if len(names) == 0 {
		return nil
	}
	rows, err := client.Technology.Query().Where(func(s *sql.Selector) {
		n := sql.Dialect(s.Dialect()).Table("technology_names")
		s.Where(sql.In(s.C(technology.FieldID), sql.Dialect(s.Dialect()).Select(n.C("technology_id")).From(n).Where(store.InBytes(n.C("name"), names))))
	}).Select(technology.FieldSlug, technology.FieldName, technology.FieldAliases).All(ctx)
	for _, t := range rows {
		l.add(enum.MatchedBySlug, text.Fold(t.Slug), t.ID)
		l.add(enum.MatchedByName, text.Fold(t.Name), t.ID)
		for _, alias := range t.Aliases {
			l.add(enum.MatchedByAlias, text.Fold(alias), t.ID)
		}
	}
	return err
}

func (l leads) byIdentifiers(ctx context.Context, client *ent.Client, values []string) error {
	if len(values) == 0 {
		return nil
	}
	rows, err := client.Identifier.Query().Where(identifier.SchemeNEQ(enum.SchemeEndoflife), func(s *sql.Selector) {
		s.Where(store.In(s.C(identifier.FieldValue), values))
	}).Select(identifier.FieldTechnologyID, identifier.FieldValue).All(ctx)
	for _, i := range rows {
		l.add(enum.MatchedByIdentifier, i.Value, i.TechnologyID)
	}
	return err
}

func (l leads) byPackages(ctx context.Context, client *ent.Client, urls []string) error {
	if len(urls) == 0 {
		return nil
	}
	rows, err := client.KnownPackage.Query().Where(func(s *sql.Selector) {
		s.Where(store.In(s.C(knownpackage.FieldPurl), urls))
	}).Select(knownpackage.FieldTechnologyID, knownpackage.FieldPurl).All(ctx)
	for _, p := range rows {
		l.add(enum.MatchedByPackage, p.Purl, p.TechnologyID)
	}
	return err
}
