package enum

import "io"

// OrderDirection is ascending or descending.
type OrderDirection string

// The values of OrderDirection.
const (
	Asc  OrderDirection = "ASC"
	Desc OrderDirection = "DESC"
)

var orderDirectionValues = []OrderDirection{Asc, Desc}

// Values lists every OrderDirection.
func (OrderDirection) Values() []string { return names(orderDirectionValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *OrderDirection) UnmarshalGQL(in any) error { return unmarshal(v, in, orderDirectionValues) }

// MarshalGQL writes the value for GraphQL.
func (v OrderDirection) MarshalGQL(w io.Writer) { marshal(w, v) }

// TechnologyOrderField is what technologies can be ordered by.
type TechnologyOrderField string

// The values of TechnologyOrderField.
const (
	TechnologyByName             TechnologyOrderField = "NAME"
	TechnologyByRelevance        TechnologyOrderField = "RELEVANCE"
	TechnologyByRating           TechnologyOrderField = "RATING"
	TechnologyByFirstReleaseYear TechnologyOrderField = "FIRST_RELEASE_YEAR"
	TechnologyByUpdatedAt        TechnologyOrderField = "UPDATED_AT"
)

var technologyOrderFieldValues = []TechnologyOrderField{TechnologyByName, TechnologyByRelevance, TechnologyByRating, TechnologyByFirstReleaseYear, TechnologyByUpdatedAt}

// Values lists every TechnologyOrderField.
func (TechnologyOrderField) Values() []string { return names(technologyOrderFieldValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *TechnologyOrderField) UnmarshalGQL(in any) error {
	return unmarshal(v, in, technologyOrderFieldValues)
}

// MarshalGQL writes the value for GraphQL.
func (v TechnologyOrderField) MarshalGQL(w io.Writer) { marshal(w, v) }

// ReleaseCycleOrderField is what release cycles can be ordered by.
type ReleaseCycleOrderField string

// The values of ReleaseCycleOrderField.
const (
	CyclesByReleasedOn  ReleaseCycleOrderField = "RELEASED_ON"
	CyclesByEndOfLifeOn ReleaseCycleOrderField = "END_OF_LIFE_ON"
)

var releaseCycleOrderFieldValues = []ReleaseCycleOrderField{CyclesByReleasedOn, CyclesByEndOfLifeOn}

// Values lists every ReleaseCycleOrderField.
func (ReleaseCycleOrderField) Values() []string { return names(releaseCycleOrderFieldValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *ReleaseCycleOrderField) UnmarshalGQL(in any) error {
	return unmarshal(v, in, releaseCycleOrderFieldValues)
}

// MarshalGQL writes the value for GraphQL.
func (v ReleaseCycleOrderField) MarshalGQL(w io.Writer) { marshal(w, v) }
