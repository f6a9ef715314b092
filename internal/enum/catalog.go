package enum

import "io"

// IdentifierScheme says which naming scheme an identifier belongs to.
type IdentifierScheme string

// The values of IdentifierScheme.
const (
	SchemePURL      IdentifierScheme = "PURL"
	SchemeCPE       IdentifierScheme = "CPE"
	SchemeRepology  IdentifierScheme = "REPOLOGY"
	SchemeEndoflife IdentifierScheme = "ENDOFLIFE"
)

var identifierSchemeValues = []IdentifierScheme{SchemePURL, SchemeCPE, SchemeRepology, SchemeEndoflife}

// Values lists every IdentifierScheme.
func (IdentifierScheme) Values() []string { return names(identifierSchemeValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *IdentifierScheme) UnmarshalGQL(in any) error {
	return unmarshal(v, in, identifierSchemeValues)
}

// MarshalGQL writes the value for GraphQL.
func (v IdentifierScheme) MarshalGQL(w io.Writer) { marshal(w, v) }

// Hosting is a way in which a technology is run.
type Hosting string

// The values of Hosting.
const (
	HostingSelfHosted Hosting = "SELF_HOSTED"
	HostingManaged    Hosting = "MANAGED"
	HostingServerless Hosting = "SERVERLESS"
	HostingEmbedded   Hosting = "EMBEDDED"
)

var hostingValues = []Hosting{HostingSelfHosted, HostingManaged, HostingServerless, HostingEmbedded}

// Values lists every Hosting.
func (Hosting) Values() []string { return names(hostingValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *Hosting) UnmarshalGQL(in any) error { return unmarshal(v, in, hostingValues) }

// MarshalGQL writes the value for GraphQL.
func (v Hosting) MarshalGQL(w io.Writer) { marshal(w, v) }

// RequirementKind says how strongly a release cycle needs another technology.
type RequirementKind string

// The values of RequirementKind.
const (
	RequirementMinimum     RequirementKind = "MINIMUM"
	RequirementSupported   RequirementKind = "SUPPORTED"
	RequirementRecommended RequirementKind = "RECOMMENDED"
)

var requirementKindValues = []RequirementKind{RequirementMinimum, RequirementSupported, RequirementRecommended}

// Values lists every RequirementKind.
func (RequirementKind) Values() []string { return names(requirementKindValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *RequirementKind) UnmarshalGQL(in any) error { return unmarshal(v, in, requirementKindValues) }

// MarshalGQL writes the value for GraphQL.
func (v RequirementKind) MarshalGQL(w io.Writer) { marshal(w, v) }

// IntegrationArea is the part of the stack that an integration serves.
type IntegrationArea string

// The values of IntegrationArea.
const (
	AreaFrontEnd            IntegrationArea = "FRONT_END"
	AreaVersionControl      IntegrationArea = "VERSION_CONTROL"
	AreaTestingAndDebugging IntegrationArea = "TESTING_AND_DEBUGGING"
	AreaDeploymentAndCI     IntegrationArea = "DEPLOYMENT_AND_CI"
	AreaSEOAndAnalytics     IntegrationArea = "SEO_AND_ANALYTICS"
	AreaData                IntegrationArea = "DATA"
	AreaIdentity            IntegrationArea = "IDENTITY"
	AreaRuntime             IntegrationArea = "RUNTIME"
	AreaObservability       IntegrationArea = "OBSERVABILITY"
)

var integrationAreaValues = []IntegrationArea{AreaFrontEnd, AreaVersionControl, AreaTestingAndDebugging, AreaDeploymentAndCI, AreaSEOAndAnalytics, AreaData, AreaIdentity, AreaRuntime, AreaObservability}

// Values lists every IntegrationArea.
func (IntegrationArea) Values() []string { return names(integrationAreaValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *IntegrationArea) UnmarshalGQL(in any) error { return unmarshal(v, in, integrationAreaValues) }

// MarshalGQL writes the value for GraphQL.
func (v IntegrationArea) MarshalGQL(w io.Writer) { marshal(w, v) }

// IntegrationSupport says how tight an integration is.
type IntegrationSupport string

// The values of IntegrationSupport.
const (
	SupportNative IntegrationSupport = "NATIVE"
	SupportPlugin IntegrationSupport = "PLUGIN"
	SupportManual IntegrationSupport = "MANUAL"
)

var integrationSupportValues = []IntegrationSupport{SupportNative, SupportPlugin, SupportManual}

// Values lists every IntegrationSupport.
func (IntegrationSupport) Values() []string { return names(integrationSupportValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *IntegrationSupport) UnmarshalGQL(in any) error {
	return unmarshal(v, in, integrationSupportValues)
}

// MarshalGQL writes the value for GraphQL.
func (v IntegrationSupport) MarshalGQL(w io.Writer) { marshal(w, v) }
