package advice

import (
	"fmt"
	"slices"

	"stackyard/internal/enum"
)

// The use cases that rules know.
const (
	useCaseSmall    = "small-medium-web"
	useCaseLarge    = "enterprise-high-traffic"
	useCaseAPIFirst = "api-first"
)

// How many kinds of machinery for many teams and much load a project may have before it has too many.
const (
	machineryOfSmall    = 1 // low traffic, and small or of no use case that is given
	machineryOfModerate = 2 // low traffic and API-first, or small and of moderate or unknown traffic
	machineryAtWill     = 1000
)

var overengineered = Rule{
	ID:    enum.RuleOverengineered,
	Needs: "`traffic` or `useCase`",
	Sees: "Several kinds of machinery that pays off only with many teams or much load: container orchestration, a service mesh, a message broker or event streaming, a wide-column store, GraphQL federation, service discovery. " +
		"Each kind counts once. A container runtime that can also orchestrate, and a cache that can also pass messages on, do not count.",
	Thresholds: []string{
		fmt.Sprintf("More than %d kind with LOW traffic, where the use case is `%s` or not given.", machineryOfSmall, useCaseSmall),
		fmt.Sprintf("More than %d kinds with LOW traffic and `%s`, or with `%s` and traffic that is MODERATE or not given.", machineryOfModerate, useCaseAPIFirst, useCaseSmall),
		fmt.Sprintf("Never with HIGH traffic or `%s`.", useCaseLarge),
	},
	Severities: "MEDIUM.",
	Reason:     "Every kind has to be learnt, upgraded and watched, and makes each change cross more borders, without a load that would repay it.",
	Example:    "Kubernetes, Apache Kafka and Istio for a small site with LOW traffic.",
	find: func(s *stack) []Finding {
		var kinds, named []string
		for _, c := range s.known() {
			if kind := machinery(c.Technology); kind != "" && !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
				named = append(named, fmt.Sprintf("%s (%s)", c.Technology.Name, kind))
			}
		}
		if len(kinds) <= s.machineryAllowed() {
			return nil
		}
		return []Finding{{
			Rule: enum.RuleOverengineered, Severity: enum.SeverityMedium, Component: Whole,
			Message: fmt.Sprintf("%s are machinery for many teams and much load, and this is %s.", list(named, "and"), s.size()),
			Advice:  "Begin with one deployable application, a relational database and a job table, and keep only those for which a measurement speaks.",
		}}
	},
}

// machineryAllowed says how many kinds of machinery the context leaves without a finding.
func (s *stack) machineryAllowed() int {
	isSmall := s.UseCase == useCaseSmall
	switch {
	case s.Traffic == enum.TrafficHigh:
		return machineryAtWill
	case s.Traffic == enum.TrafficLow && (isSmall || s.UseCase == ""):
		return machineryOfSmall
	case isSmall, s.Traffic == enum.TrafficLow && s.UseCase == useCaseAPIFirst:
		return machineryOfModerate
	}
	return machineryAtWill
}

// size describes the project, to go on after "this is".
func (s *stack) size() string {
	what := "a project"
	if s.UseCase == useCaseSmall {
		what = "a small to medium web application"
	}
	switch s.Traffic {
	case enum.TrafficLow:
		return what + " with low traffic"
	case enum.TrafficModerate:
		return what + " with moderate traffic"
	}
	return what
}

var databaseNotOptimized = Rule{
	ID:    enum.RuleDatabaseNotOptimized,
	Needs: "`traffic`",
	Sees: "With HIGH traffic, a relational database server and nothing beside it that takes load off it: no cache that several processes share, no connection pooler, no second instance of it (a replica). " +
		"A framework's own cache does not count; embedded databases and those that spread over nodes by themselves are left alone.",
	Thresholds: []string{"`traffic` is HIGH: more than 1,000 requests a second."},
	Severities: "MEDIUM.",
	Reason:     "One node then answers every request, and its connections run out before its processors do.",
	Example:    "Django and PostgreSQL with HIGH traffic.",
	find: func(s *stack) []Finding {
		if s.Traffic != enum.TrafficHigh || s.hints("cache", "caches", "caching", "elasticache", "pool", "pooler", "pooling", "pgpool", "redis", "replica", "replicas") ||
			s.anyOf(func(t *Technology) bool { return isSharedCache(t) || t.has("connection-pooler") }) {
			return nil
		}
		var out []Finding
		for _, c := range s.known() {
			isAnother := func(o component) bool { return o.index != c.index && o.Technology.Slug == c.Technology.Slug }
			if !isRelationalServer(c.Technology) || slices.ContainsFunc(s.known(), isAnother) {
				continue
			}
			f := about(c, enum.RuleDatabaseNotOptimized, enum.SeverityMedium)
			f.Message = fmt.Sprintf("With high traffic, %s answers everything alone: the stack has neither a shared cache nor a connection pooler nor a replica.", c.Technology.Name)
			f.Advice = "Put a connection pooler in front of it, cache what is read more often than it changes, and send reports to a replica."
			out = append(out, f)
		}
		return out
	},
}

var poorAPIDesign = Rule{
	ID:    enum.RulePoorAPIDesign,
	Needs: "`useCase`",
	Sees: fmt.Sprintf("With `%s`, a stack in which an application is written and nothing works from a contract that machines read: no specification tool, no GraphQL server, no interface definition. ", useCaseAPIFirst) +
		"A missing gateway and missing API tests are named, too, but are no finding by themselves: they are often not part of what is deployed.",
	Severities: "MEDIUM; LOW where there is at least a gateway or a tool that tests APIs.",
	Reason:     "Without a contract nobody can see that a change breaks a client, and clients, documentation and tests are written by hand.",
	Example:    "Express and PostgreSQL for `api-first`.",
	find: func(s *stack) []Finding {
		if s.UseCase != useCaseAPIFirst || !s.anyOf(isApplication) || s.anyOf(describesAPIs) ||
			s.hints("openapi", "swagger", "graphql", "grpc", "proto", "protobuf", "asyncapi") {
			return nil
		}
		f := Finding{Rule: enum.RulePoorAPIDesign, Severity: enum.SeverityLow, Component: Whole}
		missing := []string{"no tool for a schema or specification"}
		if !s.anyOf(isGateway) {
			missing = append(missing, "no gateway")
		}
		if !s.anyOf(testsAPIs) {
			missing = append(missing, "no API tests")
		}
		if len(missing) == 3 {
			f.Severity = enum.SeverityMedium
		}
		f.Message = fmt.Sprintf("The interface comes first here, and the stack has %s.", list(missing, "and"))
		f.Advice = "Write the contract first, as an OpenAPI document, a GraphQL schema or protobuf definitions, and derive clients, documentation and tests from it."
		return []Finding{f}
	},
}
