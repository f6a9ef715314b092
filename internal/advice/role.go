package advice

import (
	"regexp"
	"slices"
	"strings"

	"stackyard/internal/enum"
)

// stand is what a technology can stand in for, as its release cycles bear the same numbers: a requirement of
// Java is met by any build of it, one of Kubernetes by a managed cluster of that version.
var stand = map[string]string{
	"amazon-corretto": "java", "oracle-jdk": "java", "graalvm": "java",
	"amazon-eks": "kubernetes", "azure-kubernetes-service": "kubernetes", "google-kubernetes-engine": "kubernetes",
}

// StandsFor gives the technology whose place this one takes in a requirement: itself, or the one that it is a build of.
func StandsFor(slug string) string {
	if of, ok := stand[slug]; ok {
		return of
	}
	return slug
}

// javaUpdate is how Java's versions were written up to 8: 1.8.0_292, 8u292.
var javaUpdate = regexp.MustCompile(`^([0-9]+)u([0-9]+)`)

// usual writes a version as the technology's release cycles do. Java 8 calls itself 1.8.0_292 or 8u292.
func usual(slug, v string) string {
	if as, ok := spoken[slug][strings.ToLower(firstWord(strings.TrimPrefix(bare(v), "lts/")))]; ok {
		return as
	}
	if StandsFor(slug) != "java" {
		return v
	}
	v = bare(v)
	if rest, ok := strings.CutPrefix(v, "1."); ok && len(rest) > 0 && rest[0] >= '5' && rest[0] <= '8' {
		v = rest
	}
	return javaUpdate.ReplaceAllString(v, "$1.0.$2")
}

// isApplication says whether programs of one's own are written with it, so that a stack which has it is more
// than a list of servers.
func isApplication(t *Technology) bool {
	return t.has("http-framework", "full-stack-framework", "language-runtime", "programming-language", "application-server",
		"content-management", "graphql-server", "rpc", "api-from-database")
}

// isSharedCache says whether it keeps copies for several processes, as a framework's own cache does not.
func isSharedCache(t *Technology) bool {
	return t.has("cache") && t.isMainly("databases", "cloud-infrastructure")
}

// isRelationalServer says whether it is a relational database that many processes connect to and that one node
// answers for: neither embedded, nor an extension for time series, nor spread over nodes by itself.
func isRelationalServer(t *Technology) bool {
	return t.has("relational-database") && t.has("transactions") && !t.has("embedded-database", "time-series-database", "sharding", "autoscaling")
}

// meetsRequests says whether requests from outside reach its code: it answers or passes them on, runs the code
// that does, signs people in, encrypts their connections, or is the system beneath. Clusters and stores of
// secrets stand behind those.
func meetsRequests(t *Technology) bool {
	if t.has("container-orchestration", "container-networking", "secrets-management") {
		return false
	}
	return t.has("web-server", "reverse-proxy", "load-balancer", "api-gateway", "application-server", "http-framework", "full-stack-framework",
		"server-side-rendering", "content-management", "graphql-server", "rest-api", "api-from-database",
		"identity-provider", "user-accounts", "authentication-library", "oauth2-server",
		"language-runtime", "cryptography", "operating-system")
}

// signsPeopleIn says whether an application can leave the signing in of its users to it. Tools that only guard
// themselves by a login do not count.
func signsPeopleIn(t *Technology) bool {
	if t.has("git-hosting", "container-orchestration", "dashboards", "privileged-access", "container-registry", "gitops") {
		return false
	}
	if t.has("identity-provider", "user-accounts", "authentication-library", "oauth2-server", "directory-service") {
		return true
	}
	return t.has("single-sign-on", "openid-connect", "saml") && t.has("reverse-proxy", "api-gateway", "application-server", "http-framework")
}

// describesAPIs says whether it works from a contract that machines read.
func describesAPIs(t *Technology) bool { return t.has("api-specification", "graphql-server") }

// testsAPIs says whether it tries an interface from outside.
func testsAPIs(t *Technology) bool { return t.has("api-testing", "api-mocking", "load-testing") }

// isGateway says whether it stands before APIs with keys, quotas and the like; a reverse proxy alone does not.
func isGateway(t *Technology) bool { return t.has("api-gateway") }

// machinery names what in a technology pays off only where many teams or much load are; empty where nothing does.
func machinery(t *Technology) string {
	switch {
	case t.has("container-orchestration") && !t.has("container-runtime"):
		return "container orchestration"
	case t.has("service-mesh"):
		return "a service mesh"
	case t.has("event-streaming", "message-broker") && !t.has("cache", "in-memory", "key-value-store"):
		return "a message broker"
	case t.has("wide-column-database"):
		return "a wide-column store"
	case t.has("graphql-federation") && t.has("api-gateway"):
		return "GraphQL federation"
	case t.has("service-discovery"):
		return "service discovery"
	}
	return ""
}

// sharers are words in the names of stewards that more than one employer stands behind.
var sharers = []string{"foundation", "project", "group", "team", "community", "consortium", "association", "organization", "e.v."}

// isOneEmployer says whether the steward is known, and a single company or person.
func isOneEmployer(steward string) bool {
	s := strings.ToLower(steward)
	return s != "" && !slices.ContainsFunc(sharers, func(word string) bool { return strings.Contains(s, word) })
}

// keepsData says whether it is a server that other programs leave data with.
func keepsData(t *Technology) bool {
	return !t.has("embedded-database", "http-framework", "full-stack-framework") && t.has("relational-database", "document-database", "key-value-store",
		"wide-column-database", "graph-database", "time-series-database", "search-engine", "vector-search", "object-storage", "message-broker", "event-streaming")
}

// isLibrary says whether it runs inside the application only.
func (t *Technology) isLibrary() bool {
	return len(t.Hosting) > 0 && !slices.ContainsFunc(t.Hosting, func(h enum.Hosting) bool { return h != enum.HostingEmbedded })
}

// isOffered says whether somebody else runs it, if one likes.
func (t *Technology) isOffered() bool {
	return slices.Contains(t.Hosting, enum.HostingManaged) || slices.Contains(t.Hosting, enum.HostingServerless)
}
