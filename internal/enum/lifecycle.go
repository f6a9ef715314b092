package enum

import "io"

// LifecycleStatus is where a release cycle or a technology stands on a day.
type LifecycleStatus string

// The values of LifecycleStatus.
const (
	StatusActive       LifecycleStatus = "ACTIVE"
	StatusSecurityOnly LifecycleStatus = "SECURITY_ONLY"
	StatusExtendedOnly LifecycleStatus = "EXTENDED_ONLY"
	StatusEndOfLife    LifecycleStatus = "END_OF_LIFE"
	StatusUpcoming     LifecycleStatus = "UPCOMING"
	StatusUnknown      LifecycleStatus = "UNKNOWN"
)

var lifecycleStatusValues = []LifecycleStatus{StatusActive, StatusSecurityOnly, StatusExtendedOnly, StatusEndOfLife, StatusUpcoming, StatusUnknown}

// Values lists every LifecycleStatus.
func (LifecycleStatus) Values() []string { return names(lifecycleStatusValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *LifecycleStatus) UnmarshalGQL(in any) error { return unmarshal(v, in, lifecycleStatusValues) }

// MarshalGQL writes the value for GraphQL.
func (v LifecycleStatus) MarshalGQL(w io.Writer) { marshal(w, v) }
