package advice

import (
	"slices"
	"strings"
	"testing"

	"stackyard/internal/enum"
)

// pick gives components of the technologies by their slugs.
func pick(slugs string) []Component {
	all := []*Technology{
		library("kubernetes", "cloud-infrastructure", "container-orchestration"),
		library("eks", "cloud-infrastructure", "container-orchestration"),
		library("docker", "cloud-infrastructure", "container-runtime", "container-orchestration"),
		library("kafka", "cloud-infrastructure", "event-streaming", "message-broker"),
		library("istio", "cloud-infrastructure", "service-mesh", "load-balancer"),
		library("redis", "databases", "key-value-store", "cache", "message-broker", "event-streaming"),
		library("varnish", "cloud-infrastructure", "http-cache", "cache", "reverse-proxy"),
		library("pgbouncer", "databases", "connection-pooler"),
		library("postgresql", "databases", "relational-database", "transactions", "replication"),
		library("sqlite", "databases", "relational-database", "transactions", "embedded-database"),
		library("cockroachdb", "databases", "relational-database", "transactions", "sharding"),
		library("clickhouse", "databases", "relational-database", "analytics"),
		library("mongodb", "databases", "document-database", "transactions"),
		library("django", "frameworks", "full-stack-framework", "http-framework", "cache", "user-accounts", "authentication-library"),
		library("express", "frameworks", "http-framework"),
		library("fastapi", "frameworks", "http-framework", "rest-api", "api-specification"),
		library("nginx", "cloud-infrastructure", "web-server", "reverse-proxy", "http-cache"),
		library("kong", "api-development", "api-gateway", "reverse-proxy", "openid-connect"),
		library("krakend", "api-development", "api-gateway", "reverse-proxy"),
		library("k6", "api-development", "load-testing"),
		library("spectral", "api-development", "api-specification", "static-analysis"),
		library("keycloak", "auth-security", "identity-provider", "user-accounts"),
		library("jwt", "auth-security", "token-library"),
		library("grafana", "cloud-infrastructure", "dashboards", "single-sign-on", "openid-connect"),
		library("gitlab", "cloud-infrastructure", "git-hosting", "identity-provider"),
		library("oauth2-proxy", "auth-security", "single-sign-on", "openid-connect", "reverse-proxy"),
	}
	var out []Component
	for _, slug := range strings.Fields(slugs) {
		c := Component{Name: slug}
		if i := slices.IndexFunc(all, func(t *Technology) bool { return t.Slug == slug }); i >= 0 {
			c = of(all[i], "1.0.0")
		}
		out = append(out, c)
	}
	return out
}

// withOnly leaves one rule, in a context.
func withOnly(rule enum.FindingRule, c Context) Context {
	c.DisabledRules = only(rule).DisabledRules
	return c
}

func TestMachineryIsTooMuchForALittleLoad(t *testing.T) {
	small, api, large := "small-medium-web", "api-first", "enterprise-high-traffic"
	low, moderate, high := enum.TrafficLow, enum.TrafficModerate, enum.TrafficHigh
	for _, c := range []struct {
		stack   string
		useCase string
		traffic enum.Traffic
		want    int
	}{
		{"kubernetes kafka istio", small, low, 1},
		{"kubernetes kafka", small, low, 1},
		{"kubernetes kafka", "", low, 1},
		{"kubernetes", small, low, 0},
		{"kubernetes eks", small, low, 0},
		{"docker kafka", small, low, 0},
		{"kubernetes redis", small, low, 0},
		{"kubernetes kafka", api, low, 0},
		{"kubernetes kafka istio", api, low, 1},
		{"kubernetes kafka", small, moderate, 0},
		{"kubernetes kafka istio", small, moderate, 1},
		{"kubernetes kafka istio", small, "", 1},
		{"kubernetes kafka istio", small, high, 0},
		{"kubernetes kafka istio", large, low, 0},
		{"kubernetes kafka istio", "", moderate, 0},
		{"kubernetes kafka istio", "", "", 0},
	} {
		r := Check(pick(c.stack), withOnly(enum.RuleOverengineered, Context{UseCase: c.useCase, Traffic: c.traffic}), today)
		if len(r.Findings) != c.want {
			t.Errorf("%s for %s with %s traffic: %v", c.stack, c.useCase, c.traffic, r.Findings)
		}
	}
	r := Check(pick("kubernetes django kafka istio"), Context{UseCase: small, Traffic: low}, today)
	want := "Kubernetes (container orchestration), Kafka (a message broker) and Istio (a service mesh) are machinery for many teams and much load, and this is a small to medium web application with low traffic."
	if len(r.Findings) != 1 || r.Findings[0].Message != want || r.Findings[0].Component != Whole {
		t.Errorf("got %+v", r.Findings)
	}
}

func TestADatabaseUnderHighTrafficNeedsHelp(t *testing.T) {
	for _, c := range []struct {
		stack   string
		traffic enum.Traffic
		want    int
	}{
		{"postgresql", enum.TrafficHigh, 1},
		{"postgresql", enum.TrafficModerate, 0},
		{"postgresql", "", 0},
		{"postgresql django nginx", enum.TrafficHigh, 1}, // a framework's cache and that of a proxy are no shared ones
		{"postgresql redis", enum.TrafficHigh, 0},
		{"postgresql varnish", enum.TrafficHigh, 0},
		{"postgresql pgbouncer", enum.TrafficHigh, 0},
		{"postgresql acme-connection-pool", enum.TrafficHigh, 0},
		{"sqlite", enum.TrafficHigh, 0},
		{"cockroachdb", enum.TrafficHigh, 0},
		{"clickhouse", enum.TrafficHigh, 0},
		{"mongodb", enum.TrafficHigh, 0},
	} {
		r := Check(pick(c.stack), withOnly(enum.RuleDatabaseNotOptimized, Context{Traffic: c.traffic}), today)
		if len(r.Findings) != c.want {
			t.Errorf("%s with %s traffic: %v", c.stack, c.traffic, r.Findings)
		}
	}
	replicated := pick("postgresql")
	if r := Check(append(replicated, replicated...), withOnly(enum.RuleDatabaseNotOptimized, Context{Traffic: enum.TrafficHigh}), today); len(r.Findings) != 0 {
		t.Errorf("with a replica: %v", r.Findings)
	}
}

func TestAnInterfaceThatComesFirstNeedsAContract(t *testing.T) {
	for _, c := range []struct{ stack, useCase, want string }{
		{"express postgresql", "api-first", "MEDIUM no tool for a schema or specification, no gateway and no API tests"},
		{"express nginx", "api-first", "MEDIUM no tool for a schema or specification, no gateway and no API tests"},
		{"express krakend", "api-first", "LOW no tool for a schema or specification and no API tests"},
		{"express k6", "api-first", "LOW no tool for a schema or specification and no gateway"},
		{"express krakend k6", "api-first", "LOW no tool for a schema or specification"},
		{"express spectral", "api-first", ""},
		{"fastapi", "api-first", ""},
		{"express acme-openapi-tool", "api-first", ""},
		{"postgresql", "api-first", ""},
		{"express postgresql", "small-medium-web", ""},
		{"express postgresql", "", ""},
	} {
		got := ""
		for _, f := range Check(pick(c.stack), withOnly(enum.RulePoorAPIDesign, Context{UseCase: c.useCase}), today).Findings {
			_, missing, _ := strings.Cut(f.Message, "the stack has ")
			got += string(f.Severity) + " " + strings.TrimSuffix(missing, ".")
		}
		if got != c.want {
			t.Errorf("%s for %s: %q, want %q", c.stack, c.useCase, got, c.want)
		}
	}
}

func TestUserAccountsNeedSomethingThatSignsPeopleIn(t *testing.T) {
	no := false
	for _, c := range []struct {
		stack string
		has   *bool
		want  int
	}{
		{"express postgresql", yes(), 1},
		{"express jwt", yes(), 1},
		{"express grafana gitlab", yes(), 1},
		{"express krakend", yes(), 1},
		{"express kong", yes(), 0},
		{"express keycloak", yes(), 0},
		{"express oauth2-proxy", yes(), 0},
		{"django", yes(), 0},
		{"express acme-auth", yes(), 0},
		{"express Acme_OAuth2", yes(), 0},
		{"express lesson-planner", yes(), 1},
		{"express author-service", yes(), 1},
		{"postgresql", yes(), 0},
		{"express postgresql", &no, 0},
		{"express postgresql", nil, 0},
	} {
		r := Check(pick(c.stack), withOnly(enum.RuleSecurityNeglected, Context{HasUserAccounts: c.has}), today)
		if len(r.Findings) != c.want {
			t.Errorf("%s: %v", c.stack, r.Findings)
		}
	}
}

func TestWhatFacesTheInternetNeedsSecurityFixes(t *testing.T) {
	no := false
	paid := node()
	store := node()
	store.Capabilities = []string{"relational-database"}
	for _, c := range []struct {
		name       string
		technology *Technology
		version    string
		isFacing   *bool
		want       string
	}{
		{"past its end", node(), "18.20.8", yes(), "HIGH SECURITY_NEGLECTED exposed 24"},
		{"for those who pay, until a day", paid, "16.20.2", yes(), ""},
		{"maintained", node(), "24.9.0", yes(), ""},
		{"behind what faces it", store, "18.20.8", yes(), ""},
		{"not facing it", node(), "18.20.8", &no, ""},
		{"nobody said", node(), "18.20.8", nil, ""},
	} {
		r := Check([]Component{of(c.technology, c.version)}, withOnly(enum.RuleSecurityNeglected, Context{IsInternetFacing: c.isFacing}), today)
		if got := strings.Join(found(r), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestALimitedCommunityShowsInFacts(t *testing.T) {
	quiet := func(last string) *Technology {
		c := cycle("1", "1.8.0", "2016-04-28", "")
		c.LatestReleasedOn = on(last)
		return &Technology{Slug: "gorilla", Name: "Gorilla", AsOf: today, Cycles: []Cycle{c}}
	}
	undated := quiet("")
	fleeting := func(steward string, alternatives int, days ...string) *Technology {
		t := &Technology{Slug: "vault", Name: "Vault", Steward: steward, AsOf: today, Alternatives: []Other{{Name: "A"}, {Name: "B"}, {Name: "C"}}[:alternatives]}
		for i, d := range days {
			t.Cycles = append(t.Cycles, cycle(string(rune('9'-i)), "", "2026-01-01", d))
		}
		return t
	}
	for _, c := range []struct {
		name       string
		technology *Technology
		want       string
	}{
		{"quiet for long", quiet("2022-01-04"), "MEDIUM LIMITED_COMMUNITY"},
		{"quiet for two years", quiet("2024-11-22"), "MEDIUM LIMITED_COMMUNITY"},
		{"almost quiet for long", quiet("2024-11-23"), ""},
		{"nobody knows when it last had a release", undated, ""},
		{"one company, no support to speak of", fleeting("HashiCorp", 2, "2026-06-01", "2026-05-01"), "LOW LIMITED_COMMUNITY"},
		{"a foundation", fleeting("The Example Foundation", 2, "2026-06-01"), ""},
		{"nobody knows who publishes it", fleeting("", 2, "2026-06-01"), ""},
		{"many alternatives", fleeting("HashiCorp", 3, "2026-06-01"), ""},
		{"a cycle with long support", fleeting("HashiCorp", 2, "2026-06-01", "2026-06-30"), ""},
		{"a cycle without an end", fleeting("HashiCorp", 2, "2026-06-01", ""), ""},
		{"long support, long ago", fleeting("HashiCorp", 2, "2026-06-01", "2026-06-01", "2026-06-01", "2026-06-01", "2028-01-01"), "LOW LIMITED_COMMUNITY"},
		{"no cycles", library("chi", "frameworks"), ""},
	} {
		r := Check([]Component{of(c.technology, "")}, withOnly(enum.RuleLimitedCommunity, Context{}), today)
		if got := strings.Join(found(r), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAnOldCatalogueDoesNotMakeProjectsQuiet(t *testing.T) {
	n := node()
	for i := range n.Cycles {
		n.Cycles[i].AsOf = day("2026-08-22")
	}
	if got := found(Check([]Component{of(n, "26.2.0")}, only(enum.RuleLimitedCommunity), day("2030-01-01"))); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}
