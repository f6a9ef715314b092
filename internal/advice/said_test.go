package advice

import (
	"slices"
	"strings"
	"testing"

	"stackyard/internal/version"
)

// told are technologies that programs tell the versions of in ways of their own.
var told = map[string]*Technology{
	"go":         {Slug: "go", Name: "Go", Aliases: []string{"golang"}, VersionCommand: "go version", Cycles: named("1.22", "1.21")},
	"nginx":      {Slug: "nginx", Name: "nginx", VersionCommand: "nginx -v", Cycles: named("1.29", "1.18")},
	"python":     {Slug: "python", Name: "Python", Aliases: []string{"cpython", "python3"}, VersionCommand: "python --version\n\n# or\npython3 --version\n", Cycles: named("3.11", "3.1")},
	"postgresql": {Slug: "postgresql", Name: "PostgreSQL", Aliases: []string{"postgres", "psql"}, VersionCommand: `psql -c "SELECT version();"`, Cycles: named("16", "15")},
	"openssl":    {Slug: "openssl", Name: "OpenSSL", VersionCommand: "openssl version", Cycles: named("3.0", "1.1.1")},
	"java":       {Slug: "java", Name: "Java (OpenJDK)", Aliases: []string{"openjdk"}, VersionCommand: "java -version", Cycles: named("17", "8")},
	"redis":      {Slug: "redis", Name: "Redis", Aliases: []string{"redis-server"}, VersionCommand: "redis-server --version", Cycles: named("7.0")},
	"mysql":      {Slug: "mysql", Name: "MySQL", Aliases: []string{"mysqld"}, VersionCommand: "mysqld --version", Cycles: named("8.0", "5.7")},
	"mariadb":    {Slug: "mariadb", Name: "MariaDB", VersionCommand: "mariadbd --version", Cycles: named("10.6", "5.5")},
	"httpd":      {Slug: "apache-http-server", Name: "Apache HTTP Server", Aliases: []string{"apache"}, VersionCommand: "httpd -v", Cycles: named("2.4")},
	"php":        {Slug: "php", Name: "PHP", VersionCommand: "php --version", Cycles: named("8.2", "8")},
	"dotnet":     {Slug: "dotnet", Name: ".NET", Aliases: []string{"C#"}, VersionCommand: "dotnet --version", Cycles: named("10", "8")},
	"kafka":      {Slug: "kafka", Name: "Apache Kafka", VersionCommand: "${KAFKA_HOME}/bin/kafka-topics.sh --version", Cycles: named("3.9")},
	"express":    {Slug: "express", Name: "Express", VersionCommand: "npm list express", Cycles: named("5")},
	"lambda":     {Slug: "aws-lambda", Name: "AWS Lambda", Aliases: []string{"nodejs"}, Cycles: named("nodejs22.x", "go1.x")},
	"ubuntu":     {Slug: "ubuntu", Name: "Ubuntu", Cycles: []Cycle{{Name: "22.04", Codename: "Jammy Jellyfish"}}},
}

func named(cycles ...string) []Cycle {
	out := make([]Cycle, len(cycles))
	for i, name := range cycles {
		out[i].Name = name
	}
	return out
}

func TestVersionsAreReadAsProgramsPrintThem(t *testing.T) {
	for _, c := range []struct{ of, given, want string }{
		{"go", "go1.22.1", "1.22.1"},
		{"go", "go version go1.22.1 linux/amd64", "1.22.1"},
		{"go", "go1.23rc1", "1.23rc1"},
		{"nginx", "nginx/1.18.0", "1.18.0"},
		{"nginx", "nginx version: nginx/1.18.0 (Ubuntu)", "1.18.0"},
		{"python", "Python 3.11.2", "3.11.2"},
		{"python", "python3.11", "3.11"},
		{"python", "PYTHON 8.4.0RC1", "8.4.0RC1"},
		{"postgresql", "PostgreSQL 15.3", "15.3"},
		{"postgresql", "psql (PostgreSQL) 16.2 (Debian 16.2-1.pgdg120+2)", "16.2"},
		{"openssl", "OpenSSL 1.1.1w  11 Sep 2023", "1.1.1w"},
		{"java", "openjdk 17.0.1 2021-10-19", "17.0.1"},
		{"java", `openjdk version "17.0.1" 2021-10-19`, "17.0.1"},
		{"java", `java version "1.8.0_292"`, "1.8.0_292"},
		{"java", "jdk-17.0.9+9", "17.0.9+9"},
		{"java", "jdk8u292-b10", "8u292-b10"},
		{"redis", "Redis server v=7.0.5 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64", "7.0.5"},
		{"mysql", "mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)", "8.0.36"},
		{"mysql", "mysql  Ver 14.14 Distrib 5.7.42, for Linux (x86_64)", "5.7.42"},
		{"mariadb", "5.5.5-10.6.12-MariaDB", "10.6.12-MariaDB"},
		{"mariadb", "mariadb  Ver 15.1 Distrib 10.6.12-MariaDB, for debian-linux-gnu", "10.6.12-MariaDB"},
		{"mysql", "5.5.5-10.6.12-MariaDB", "5.5.5-10.6.12-MariaDB"},
		{"httpd", "Server version: Apache/2.4.57 (Debian)", "2.4.57"},
		{"php", "php-8.2.7", "8.2.7"},
		{"kafka", "kafka 3.9", "3.9"},
		{"python", "=3.11.2", "3.11.2"},
		{"python", "== 3.11", "3.11"},
		{"python", "version 3.11", "3.11"},
		{"ubuntu", "Ubuntu 22.04.4 LTS", "22.04.4"},
		{"ubuntu", "ubuntu jammy", "jammy"},

		{"python", "latest", "latest"},
		{"python", "python", "python"},
		{"python", "python3", "python3"},
		{"python", "python311", "python311"},
		{"python", "Python for 3 people", "Python for 3 people"},
		{"python", "PostgreSQL 15.3", "PostgreSQL 15.3"},
		{"python", "server 2.4", "server 2.4"},
		{"python", "^3.11", "^3.11"},
		{"python", ">=3.11", ">=3.11"},
		{"postgresql", "PostgreSQL JDBC 42.7", "PostgreSQL JDBC 42.7"},
		{"go", "go-sqlite3 1.14", "go-sqlite3 1.14"},
		{"go", "golangci-lint 1.55", "golangci-lint 1.55"},
		{"php", "php82", "php82"},
		{"dotnet", "C# 12", "C# 12"},
		{"express", "npm 9.1", "npm 9.1"},
		{"lambda", "nodejs22.x", "nodejs22.x"},
		{"lambda", "go1.21", "go1.21"},
	} {
		if got := told[c.of].said(c.given); got != c.want {
			t.Errorf("%s: %q is %q, want %q", c.of, c.given, got, c.want)
		}
	}
}

func TestWhatWasGivenIsToldAsItIs(t *testing.T) {
	python := &Technology{Slug: "python", Name: "Python", Cycles: []Cycle{cycle("3.14", "3.14.2", "2025-10-07", "2026-11-01")}}
	for given, want := range map[string]string{
		"python 3.14.0RC1": "Python 3.14.0RC1", "v3.14.1": "Python 3.14.1", "Python Nightly": "Python Python Nightly", " 3.14 ": "Python 3.14",
	} {
		s := newStack([]Component{of(python, given)}, Context{}, today)
		if got := s.components[0].title(); got != want {
			t.Errorf("%q is told as %q, want %q", given, got, want)
		}
	}
}

func FuzzReadingATextMakesNoVersionOfWhatIsNone(f *testing.F) {
	for _, s := range []string{"", "18", "v18.20.4", "go1.22.1", "nginx/1.18.0", "= 1", "v=1", "Ver", "version:", "python3.", "ubuntu jammy", "1.x", "jdk-", "\xff1", "İ1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, given string) {
		for _, of := range told {
			got := of.said(given)
			isCycle := version.Cycle(given, of.cycleNames()) >= 0
			switch {
			case of.Slug == "mariadb" && replication.MatchString(strings.TrimSpace(given)):
			case (version.IsVersion(given) || isCycle) && got != given:
				t.Errorf("%s: %q was understood, and became %q", of.Slug, given, got)
			}
			if !strings.Contains(given, got) {
				t.Errorf("%s: %q is nothing of %q", of.Slug, got, given)
			}
			if got != given && of.called(got) == "" && !isNumbered(got) {
				t.Errorf("%s: %q became %q, which is no version", of.Slug, given, got)
			}
			if again := of.said(got); again != got && !replication.MatchString(got) {
				t.Errorf("%s: %q became %q, and %q then", of.Slug, given, got, again)
			}
			folded := strings.ToLower(given)
			says := func(name string) bool { return strings.Contains(folded, strings.ToLower(name)) }
			if got != given && !slices.ContainsFunc(append(of.ownNames(), "v", "="), says) && of.Slug != "mariadb" {
				t.Errorf("%s: %q became %q, though it says nothing of what it is of", of.Slug, given, got)
			}
		}
	})
}
