package auth

import (
	"fmt"
	"regexp"
	"strings"
)

// DevUser is somebody to try the API as. Their address counts as verified.
type DevUser struct {
	Subject, Name, Email string
	// Scopes are what the user is permitted if nothing else is asked for.
	Scopes []string
}

const maxDevNameLength = 40

var devName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// DevUserOf gives the user of a name such as `ada`. Any name in small letters, digits and single dashes is somebody.
func DevUserOf(name string) (DevUser, error) {
	if len(name) > maxDevNameLength || !devName.MatchString(name) {
		return DevUser{}, fmt.Errorf("a user is up to %d small letters, digits and single dashes, such as ada, not %.80q", maxDevNameLength, name)
	}
	u := DevUser{Subject: name, Name: strings.ToUpper(name[:1]) + name[1:], Email: name + "@example.com"}
	if name == "ada" {
		u.Scopes = []string{ScopeUsersRead, ScopeReviewsModerate, ScopeCatalogWrite, ScopeCatalogSync}
	}
	return u, nil
}

// DevUserNames are those that the example data and the documentation speak of.
func DevUserNames() []string { return []string{"ada", "mel", "eve", "vic", "out"} }
