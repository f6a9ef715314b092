package advice

import (
	"fmt"

	"stackyard/internal/enum"
)

var securityNeglected = Rule{
	ID:    enum.RuleSecurityNeglected,
	Needs: "`hasUserAccounts` or `isInternetFacing`",
	Sees: "With `hasUserAccounts`, a stack in which an application is written and nothing signs people in: no identity provider, no framework with accounts, no authentication library; software that handles tokens alone, or that only guards itself by a login, does not count. " +
		"With `isInternetFacing`, each component that requests from outside reach (proxies, servers, frameworks, runtimes, cryptography, operating systems) and that gets no security fixes any more.",
	Severities: "HIGH.",
	Reason:     "Home-made sign-in is where passwords are lost, and what faces the Internet is attacked within days of a flaw becoming known.",
	Example:    "Express and PostgreSQL with user accounts; nginx 1.18.0 facing the Internet.",
	find: func(s *stack) []Finding {
		return append(s.unidentified(), s.exposed()...)
	},
}

// unidentified finds user accounts that nothing signs in.
func (s *stack) unidentified() []Finding {
	if s.HasUserAccounts == nil || !*s.HasUserAccounts || !s.anyOf(isApplication) || s.anyOf(signsPeopleIn) ||
		s.hints("auth", "authentication", "authn", "oauth", "login", "signin", "oidc", "openid", "saml", "sso", "identity", "passport", "keycloak", "cognito") {
		return nil
	}
	return []Finding{{
		Rule: enum.RuleSecurityNeglected, Severity: enum.SeverityHigh, Component: Whole, Subject: "accounts",
		Message: "There are user accounts, and nothing in the stack signs people in: no identity provider, no framework with accounts, no authentication library.",
		Advice:  "Leave sign-in to an identity server or a maintained library; and if it is left to one, add that to the stack.",
	}}
}

// exposed finds what faces the Internet without getting security fixes.
func (s *stack) exposed() []Finding {
	if s.IsInternetFacing == nil || !*s.IsInternetFacing {
		return nil
	}
	var out []Finding
	for _, c := range s.known() {
		if !c.isUnsupported() || !meetsRequests(c.Technology) {
			continue
		}
		f := about(c, enum.RuleSecurityNeglected, enum.SeverityHigh)
		f.Subject = "exposed"
		f.Message = fmt.Sprintf("%s is reached from the Internet and gets no more security fixes.", c.title())
		if c.status == enum.StatusExtendedOnly {
			f.Message = fmt.Sprintf("%s is reached from the Internet and gets security fixes only under extended support.", c.title())
		}
		out = append(out, s.withMove(f, c))
	}
	return out
}
