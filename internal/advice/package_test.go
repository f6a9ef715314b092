package advice

import "testing"

func TestAPackageURLIsReadAsAdvisoriesNameIt(t *testing.T) {
	for purl, want := range map[string]Package{
		"pkg:npm/express@4.18.2":                            {"npm", "express"},
		"pkg:npm/%40apollo/server@4.9.0":                    {"npm", "@apollo/server"},
		"pkg:pypi/Django@4.2.1":                             {"PyPI", "django"},
		"pkg:gem/actionpack":                                {"RubyGems", "actionpack"},
		"pkg:composer/symfony/http-kernel@6.4.0":            {"Packagist", "symfony/http-kernel"},
		"pkg:maven/org.springframework/spring-webmvc@6.1.0": {"Maven", "org.springframework:spring-webmvc"},
		"pkg:golang/github.com/traefik/traefik/v3@v3.1.0":   {"Go", "github.com/traefik/traefik/v3"},
		"pkg:docker/library/postgres@15.3":                  {},
		"pkg:generic/openssl@1.1.1w":                        {},
		"postgresql":                                        {},
		"":                                                  {},
	} {
		if got := PackageOf(purl); got != want {
			t.Errorf("%q is %v, want %v", purl, got, want)
		}
	}
}
