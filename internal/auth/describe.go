package auth

import (
	"net/mail"
	"net/url"
	"strings"
	"unicode"
)

const (
	maxNameLength   = 200 // characters
	maxEmailBytes   = 254
	maxPictureBytes = 2000
)

// describe fills in what is said of a viewer for people to read. A name is cut to its limit; an address that is not
// good as it is counts as none.
func (i Issuer) describe(v *Viewer, claims object) {
	for _, path := range i.Claims.Name {
		name, _ := claims.text(path)
		if v.Name = cleanName(name); v.Name != "" {
			break
		}
	}
	if email, _ := claims.text(i.Claims.Email); isEmail(email) {
		v.Email = email
		v.IsEmailVerified = isTrue(claims, i.Claims.EmailVerified)
	}
	if picture, _ := claims.text(i.Claims.Picture); isPicture(picture) {
		v.Picture = picture
	}
}

// cleanName drops what does not show or turns the text around it.
func cleanName(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, name))
	if r := []rune(name); len(r) > maxNameLength {
		return strings.TrimSpace(string(r[:maxNameLength]))
	}
	return name
}

func isEmail(s string) bool {
	if !isPlain(s) || len(s) > maxEmailBytes {
		return false
	}
	parsed, err := mail.ParseAddress(s)
	return err == nil && parsed.Address == s
}

// isTrue takes the text "true" as well, which some providers send.
func isTrue(claims object, path string) bool {
	value := string(claims.at(path))
	return value == "true" || value == `"true"`
}

func isPicture(s string) bool {
	if !isPlain(s) || len(s) > maxPictureBytes {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}
