package enum

import "io"

// MatchMethod is how a text was recognised as a technology.
type MatchMethod string

// The methods, the surest first.
const (
	MatchedBySlug  MatchMethod = "SLUG"
	MatchedByName  MatchMethod = "NAME"
	MatchedByAlias MatchMethod = "ALIAS"
	// MatchedByIdentifier is by a package URL, CPE or Repology name that the catalogue lists.
	MatchedByIdentifier MatchMethod = "IDENTIFIER"
	// MatchedByPackage is by a package that is known to belong to the technology.
	MatchedByPackage MatchMethod = "PACKAGE"
)

// MatchMethods are all, the surest first.
var MatchMethods = []MatchMethod{MatchedBySlug, MatchedByName, MatchedByAlias, MatchedByIdentifier, MatchedByPackage}

// Values lists every MatchMethod.
func (MatchMethod) Values() []string { return names(MatchMethods) }

// UnmarshalGQL reads a value from GraphQL.
func (v *MatchMethod) UnmarshalGQL(in any) error { return unmarshal(v, in, MatchMethods) }

// MarshalGQL writes the value for GraphQL.
func (v MatchMethod) MarshalGQL(w io.Writer) { marshal(w, v) }
