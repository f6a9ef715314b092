package enum

import "io"

// DataComplexity is the kind of data that a project mostly keeps.
type DataComplexity string

// The values of DataComplexity.
const (
	DataKeyValue   DataComplexity = "KEY_VALUE"
	DataDocument   DataComplexity = "DOCUMENT"
	DataRelational DataComplexity = "RELATIONAL"
	DataGraph      DataComplexity = "GRAPH"
	DataAnalytical DataComplexity = "ANALYTICAL"
)

var dataComplexityValues = []DataComplexity{DataKeyValue, DataDocument, DataRelational, DataGraph, DataAnalytical}

// Values lists every DataComplexity.
func (DataComplexity) Values() []string { return names(dataComplexityValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *DataComplexity) UnmarshalGQL(in any) error { return unmarshal(v, in, dataComplexityValues) }

// MarshalGQL writes the value for GraphQL.
func (v DataComplexity) MarshalGQL(w io.Writer) { marshal(w, v) }

// BusinessLogic is what a project mostly does.
type BusinessLogic string

// The values of BusinessLogic.
const (
	LogicCRUD     BusinessLogic = "CRUD"
	LogicWorkflow BusinessLogic = "WORKFLOW"
	LogicRealtime BusinessLogic = "REALTIME"
	LogicCompute  BusinessLogic = "COMPUTE"
)

var businessLogicValues = []BusinessLogic{LogicCRUD, LogicWorkflow, LogicRealtime, LogicCompute}

// Values lists every BusinessLogic.
func (BusinessLogic) Values() []string { return names(businessLogicValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *BusinessLogic) UnmarshalGQL(in any) error { return unmarshal(v, in, businessLogicValues) }

// MarshalGQL writes the value for GraphQL.
func (v BusinessLogic) MarshalGQL(w io.Writer) { marshal(w, v) }

// Growth is how fast what a project has to serve becomes more.
type Growth string

// The values of Growth.
const (
	GrowthSteady    Growth = "STEADY"
	GrowthFast      Growth = "FAST"
	GrowthExplosive Growth = "EXPLOSIVE"
)

var growthValues = []Growth{GrowthSteady, GrowthFast, GrowthExplosive}

// Values lists every Growth.
func (Growth) Values() []string { return names(growthValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *Growth) UnmarshalGQL(in any) error { return unmarshal(v, in, growthValues) }

// MarshalGQL writes the value for GraphQL.
func (v Growth) MarshalGQL(w io.Writer) { marshal(w, v) }

// Compliance is a regulation that a project is under.
type Compliance string

// The values of Compliance.
const (
	ComplianceGDPR   Compliance = "GDPR"
	CompliancePCIDSS Compliance = "PCI_DSS"
	ComplianceHIPAA  Compliance = "HIPAA"
	ComplianceSOC2   Compliance = "SOC_2"
)

var complianceValues = []Compliance{ComplianceGDPR, CompliancePCIDSS, ComplianceHIPAA, ComplianceSOC2}

// Values lists every Compliance.
func (Compliance) Values() []string { return names(complianceValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *Compliance) UnmarshalGQL(in any) error { return unmarshal(v, in, complianceValues) }

// MarshalGQL writes the value for GraphQL.
func (v Compliance) MarshalGQL(w io.Writer) { marshal(w, v) }

// SecurityNeed is a protection that a project needs.
type SecurityNeed string

// The values of SecurityNeed.
const (
	NeedSingleSignOn      SecurityNeed = "SINGLE_SIGN_ON"
	NeedMultiFactor       SecurityNeed = "MULTI_FACTOR"
	NeedFineGrainedAccess SecurityNeed = "FINE_GRAINED_ACCESS"
	NeedAuditTrail        SecurityNeed = "AUDIT_TRAIL"
	NeedEncryptionAtRest  SecurityNeed = "ENCRYPTION_AT_REST"
	NeedDataResidency     SecurityNeed = "DATA_RESIDENCY"
)

var securityNeedValues = []SecurityNeed{NeedSingleSignOn, NeedMultiFactor, NeedFineGrainedAccess, NeedAuditTrail, NeedEncryptionAtRest, NeedDataResidency}

// Values lists every SecurityNeed.
func (SecurityNeed) Values() []string { return names(securityNeedValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *SecurityNeed) UnmarshalGQL(in any) error { return unmarshal(v, in, securityNeedValues) }

// MarshalGQL writes the value for GraphQL.
func (v SecurityNeed) MarshalGQL(w io.Writer) { marshal(w, v) }
