package app

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCluesInTexts(t *testing.T) {
	for text, want := range map[string]clue{
		"Señor  Node.js": {names: []string{"senor node.js"}, identifiers: []string{"senor node.js"}},
		"pkg:npm/%40babel/core@7.1.0": {
			identifiers: []string{"pkg:npm/%40babel/core"}, packages: []string{"pkg:npm/%40babel/core"},
			version: "7.1.0", purl: "pkg:npm/%40babel/core@7.1.0", pkg: "pkg:npm/%40babel/core",
		},
		"pkg:npm/@babel/core": {
			identifiers: []string{"pkg:npm/%40babel/core", "pkg:npm/@babel/core"}, packages: []string{"pkg:npm/%40babel/core", "pkg:npm/@babel/core"},
			purl: "pkg:npm/@babel/core", pkg: "pkg:npm/%40babel/core",
		},
		"pkg:github/Kong/kong@3.4?x=y#docs": {
			identifiers: []string{"pkg:github/kong/kong", "pkg:github/Kong/kong"}, packages: []string{"pkg:github/kong/kong", "pkg:github/Kong/kong"},
			version: "3.4", purl: "pkg:github/Kong/kong@3.4?x=y#docs", pkg: "pkg:github/kong/kong",
		},
		`cpe:2.3:a:erlang:erlang\/otp:26.0\+rc:*:*:*:*:*:*:*`: {
			identifiers: []string{`cpe:2.3:a:erlang:erlang\/otp`, `cpe:/a:erlang:erlang\/otp`}, version: "26.0+rc",
		},
		"pkg:oci/postgres@sha256%3Aabc?repository_url=docker.io/library/postgres&tag=15.3": {
			identifiers: []string{
				"pkg:oci/postgres?repository_url=docker.io/library/postgres", "pkg:oci/postgres?repository_url=docker.io%2Flibrary%2Fpostgres",
				"pkg:oci/postgres?repository_url=docker.io/library", "pkg:docker/library/postgres", "pkg:oci/postgres",
			},
			packages: []string{"pkg:oci/postgres"}, version: "15.3", pkg: "pkg:oci/postgres",
			purl: "pkg:oci/postgres@sha256%3Aabc?repository_url=docker.io/library/postgres&tag=15.3",
		},
		"redis@7":                   {names: []string{"redis@7"}, identifiers: []string{"redis@7"}, within: &clue{names: []string{"redis"}, identifiers: []string{"redis"}, version: "7"}},
		"redis:7":                   {names: []string{"redis:7"}, identifiers: []string{"redis:7"}, within: &clue{names: []string{"redis"}, identifiers: []string{"pkg:docker/library/redis"}, version: "7"}},
		"quay.io/a/b":               {names: []string{"quay.io/a/b"}, identifiers: []string{"quay.io/a/b"}, within: &clue{identifiers: []string{"pkg:oci/b?repository_url=quay.io/a"}}},
		"cpe:/o:linux:linux_kernel": {identifiers: []string{"cpe:/o:linux:linux_kernel", "cpe:2.3:o:linux:linux_kernel"}},
		"cpe:/x:linux:linux_kernel": {names: []string{"cpe:/x:linux:linux_kernel"}, identifiers: []string{"cpe:/x:linux:linux_kernel"}},
	} {
		if diff := cmp.Diff(want, clueOf(text), cmp.AllowUnexported(clue{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func FuzzClues(f *testing.F) {
	for _, seed := range []string{"pkg:docker/postgres@15.3", "pkg:npm/%40a/b@1?c=d#e", "cpe:2.3:a:b:c:1:*", "cpe:/a:b:c", "Node.js", "pkg:%", "pkg:a/@", `cpe:2.3:a:\`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := clueOf(s)
		if (c.purl == "") != (c.pkg == "") || c.purl != "" && c.purl != s {
			t.Errorf("%q: %+v", s, c)
		}
		if c.pkg == "" {
			return
		}
		if again := clueOf(c.pkg); again.pkg != c.pkg || again.version != "" || strings.ContainsAny(c.pkg, "?#") {
			t.Errorf("%q: the package %q is %q", s, c.pkg, again.pkg)
		}
	})
}

func TestImagesInRepositories(t *testing.T) {
	for _, c := range []struct {
		name, repository string
		want             []string
	}{
		{"postgres", "docker.io", []string{"pkg:docker/library/postgres"}},
		{"postgres", "docker.io/postgres", []string{"pkg:oci/postgres?repository_url=docker.io", "pkg:docker/library/postgres"}},
		{"postgres", "docker.io/library", []string{"pkg:docker/library/postgres"}},
		{"alpine", "index.docker.io/library/alpine", []string{"pkg:oci/alpine?repository_url=index.docker.io/library", "pkg:docker/library/alpine"}},
		{"redis", "https://registry-1.docker.io/bitnami/", []string{"pkg:docker/bitnami/redis"}},
		{"argocd", "quay.io/argoproj/argocd", []string{"pkg:oci/argocd?repository_url=quay.io/argoproj"}},
		{"argocd", "quay.io/argoproj", nil},
		{"postgres", "docker.io.example/library/postgres", []string{"pkg:oci/postgres?repository_url=docker.io.example/library"}},
		{"postgres", "postgres", nil},
		{"postgres", "", nil},
	} {
		if diff := cmp.Diff(c.want, image(c.name, c.repository)); diff != "" {
			t.Errorf("%s in %q (-want +got):\n%s", c.name, c.repository, diff)
		}
	}
}
