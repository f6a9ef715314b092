package advice

import (
	"fmt"
	"strings"
)

// be says that something is these.
func be(names []string) string {
	if len(names) == 1 {
		return "is " + names[0]
	}
	return "are " + list(names, "and")
}

// list joins names for a sentence.
func list(names []string, conjunction string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + conjunction + " " + names[last]
}

// inDays says when something is that many days from now.
func inDays(n int) string {
	switch n {
	case 0:
		return "today"
	case 1:
		return "tomorrow"
	}
	return fmt.Sprintf("in %d days", n)
}

// spelt are parts of the names of capabilities that are written otherwise in sentences.
var spelt = map[string]string{
	"api": "API", "ci": "CI", "cd": "CD", "connect": "Connect", "graphql": "GraphQL", "gitops": "GitOps", "http": "HTTP", "io": "I/O", "jvm": "JVM", "oauth2": "OAuth 2.0",
	"openid": "OpenID", "orm": "ORM", "rest": "REST", "rpc": "RPC", "saml": "SAML", "tls": "TLS", "websockets": "WebSockets",
}

// words writes a slug or the name of a capability as a sentence has it.
func words(slug string) string {
	parts := strings.Split(slug, "-")
	for i, p := range parts {
		// What is encrypted at rest is no REST.
		isAtRest := i > 0 && parts[i-1] == "at"
		if as, ok := spelt[p]; ok && !isAtRest {
			parts[i] = as
		}
	}
	return strings.Join(parts, " ")
}

// havingAndLacking is the evidence of something that has several parts.
func havingAndLacking(whole string, has, lacks []string) string {
	switch {
	case len(has) == 0:
		return fmt.Sprintf("Of what %s, it has none of %s.", whole, list(lacks, "and"))
	case len(lacks) == 0:
		return fmt.Sprintf("Of what %s, it has %s.", whole, list(has, "and"))
	}
	return fmt.Sprintf("Of what %s, it has %s, and not %s.", whole, list(has, "and"), list(lacks, "or"))
}

// counted writes a number with what it counts.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// span writes days as people say them.
func span(days int) string {
	switch {
	case days >= 2*365:
		return fmt.Sprintf("%.1f years", float64(days)/365.25)
	case days >= 60:
		return counted(rounded(days*12, 365), "month", "months")
	}
	return counted(days, "day", "days")
}

// names gives the names of the first of others.
func names(others []Other, most int) []string {
	var out []string
	for _, o := range others[:min(len(others), most)] {
		out = append(out, o.Name)
	}
	return out
}
