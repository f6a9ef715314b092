// Package app has the use cases: what people do to reviews, organisations,
// projects and the catalogue. It is the only code that writes for people.
package app

import (
	"time"

	"stackyard/internal/source/sbom"
	"stackyard/internal/store"
	"stackyard/internal/webhook"
)

// App runs the use cases. Every one of them is one transaction, and answers with
// the id of what it is about; inputs that a person can mend come back as UserErrors.
type App struct {
	db     *store.DB
	now    func() time.Time
	limits Limits
	// sources are where facts are read from.
	sources Sources
	// origin is where the server is reached.
	origin string
	// stale gets something when findings are to be computed anew.
	stale chan struct{}
	// webhooks are delivered so, by sender.
	webhooks Webhooks
	sender   *webhook.Sender
}

// Limits bound what people may keep here.
type Limits struct {
	// Organizations is how many a user may be an owner of.
	Organizations int
	// Invitations is how many of an organisation may wait at a time.
	Invitations int
	// InvitationTTL is how long an invitation is good.
	InvitationTTL time.Duration
	// Projects is how many an organisation may have.
	Projects int
	// StackComponents is how many a project may have.
	StackComponents int
	// CheckedComponents is how many components one check looks at.
	CheckedComponents int
	// ComparedTechnologies is how many are put side by side.
	ComparedTechnologies int
	// CalendarTechnologies is how many a calendar can be asked about.
	CalendarTechnologies int
	// SBOM bounds the documents that stacks are imported from.
	SBOM sbom.Limits
	// MustUse is how many technologies a recommendation can be made to contain.
	MustUse int
	// RecommendationSteps is how many times the searches for stacks of one operation look at an option.
	RecommendationSteps int
	// Webhooks is how many an organisation may have.
	Webhooks int
}

// New makes the use cases on a database.
func New(db *store.DB, now func() time.Time, limits Limits) *App {
	return &App{db: db, now: now, limits: limits, stale: make(chan struct{}, 1)}
}
