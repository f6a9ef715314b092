package enum

import "io"

// ChangeOperation is what was done to an object.
type ChangeOperation string

// The values of ChangeOperation.
const (
	ChangeCreated ChangeOperation = "CREATED"
	ChangeUpdated ChangeOperation = "UPDATED"
	ChangeDeleted ChangeOperation = "DELETED"
)

var changeOperationValues = []ChangeOperation{ChangeCreated, ChangeUpdated, ChangeDeleted}

// Values lists every ChangeOperation.
func (ChangeOperation) Values() []string { return names(changeOperationValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *ChangeOperation) UnmarshalGQL(in any) error { return unmarshal(v, in, changeOperationValues) }

// MarshalGQL writes the value for GraphQL.
func (v ChangeOperation) MarshalGQL(w io.Writer) { marshal(w, v) }

// ChangeSubjectType is the kind of object that a change is about.
type ChangeSubjectType string

// The values of ChangeSubjectType.
const (
	SubjectCategory       ChangeSubjectType = "CATEGORY"
	SubjectUseCase        ChangeSubjectType = "USE_CASE"
	SubjectCriterion      ChangeSubjectType = "CRITERION"
	SubjectMistake        ChangeSubjectType = "MISTAKE"
	SubjectTechnology     ChangeSubjectType = "TECHNOLOGY"
	SubjectTool           ChangeSubjectType = "TOOL"
	SubjectIntegration    ChangeSubjectType = "INTEGRATION"
	SubjectReleaseCycle   ChangeSubjectType = "RELEASE_CYCLE"
	SubjectAdvisory       ChangeSubjectType = "ADVISORY"
	SubjectSource         ChangeSubjectType = "SOURCE"
	SubjectUser           ChangeSubjectType = "USER"
	SubjectReview         ChangeSubjectType = "REVIEW"
	SubjectOrganization   ChangeSubjectType = "ORGANIZATION"
	SubjectMember         ChangeSubjectType = "MEMBER"
	SubjectProject        ChangeSubjectType = "PROJECT"
	SubjectStackComponent ChangeSubjectType = "STACK_COMPONENT"
	SubjectFinding        ChangeSubjectType = "FINDING"
	SubjectWebhook        ChangeSubjectType = "WEBHOOK"
)

var changeSubjectTypeValues = []ChangeSubjectType{
	SubjectCategory, SubjectUseCase, SubjectCriterion, SubjectMistake, SubjectTechnology, SubjectTool, SubjectIntegration, SubjectReleaseCycle,
	SubjectAdvisory, SubjectSource, SubjectUser, SubjectReview, SubjectOrganization, SubjectMember, SubjectProject, SubjectStackComponent,
	SubjectFinding, SubjectWebhook,
}

// Values lists every ChangeSubjectType.
func (ChangeSubjectType) Values() []string { return names(changeSubjectTypeValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *ChangeSubjectType) UnmarshalGQL(in any) error {
	return unmarshal(v, in, changeSubjectTypeValues)
}

// MarshalGQL writes the value for GraphQL.
func (v ChangeSubjectType) MarshalGQL(w io.Writer) { marshal(w, v) }

// UserErrorCode says what is wrong with an input.
type UserErrorCode string

// The values of UserErrorCode.
const (
	InputRequired     UserErrorCode = "REQUIRED"
	InputInvalid      UserErrorCode = "INVALID"
	InputTooLong      UserErrorCode = "TOO_LONG"
	InputOutOfRange   UserErrorCode = "OUT_OF_RANGE"
	InputTaken        UserErrorCode = "TAKEN"
	InputNotFound     UserErrorCode = "NOT_FOUND"
	InputConflict     UserErrorCode = "CONFLICT"
	InputInUse        UserErrorCode = "IN_USE"
	InputNotAllowed   UserErrorCode = "NOT_ALLOWED"
	InputLimitReached UserErrorCode = "LIMIT_REACHED"
)

var userErrorCodeValues = []UserErrorCode{
	InputRequired, InputInvalid, InputTooLong, InputOutOfRange, InputTaken, InputNotFound, InputConflict, InputInUse, InputNotAllowed, InputLimitReached,
}

// Values lists every UserErrorCode.
func (UserErrorCode) Values() []string { return names(userErrorCodeValues) }

// UnmarshalGQL reads a value from GraphQL.
func (v *UserErrorCode) UnmarshalGQL(in any) error { return unmarshal(v, in, userErrorCodeValues) }

// MarshalGQL writes the value for GraphQL.
func (v UserErrorCode) MarshalGQL(w io.Writer) { marshal(w, v) }
