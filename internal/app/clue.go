package app

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"github.com/package-url/packageurl-go"

	"stackyard/internal/text"
)

// clue is what can be read in a text that names a technology.
type clue struct {
	// names, identifiers and packages are what the catalogue may know it by, the surest first.
	names       []string
	identifiers []string
	packages    []string
	// version is that of a package URL or CPE.
	version string
	// purl is the text where it is a package URL, and pkg the package that it
	// names, whatever the version or build; empty where it is none.
	purl string
	pkg  string
	// within is what the text names without the version at its end; nil where it has none.
	within *clue
}

// clueOf reads a text as a package URL, a CPE or a name, and a name as one with a version or as a reference to a
// container image, too.
func clueOf(s string) clue {
	if p, err := packageurl.FromString(s); err == nil {
		return clueOfPackage(s, p)
	}
	if product, version, isCPE := splitCPE(s); isCPE {
		return clue{identifiers: bothForms(product), version: version}
	}
	c := clueOfName(s)
	if name, version, ok := cutLast(s, "@"); ok && !strings.Contains(version, ":") { // no digest of an image
		within := clueOfName(name)
		within.version = version
		c.within = &within
	} else if image, ok := clueOfImage(s); ok {
		c.within = &image
	}
	return c
}

func clueOfName(s string) clue {
	folded := text.Fold(s)
	return clue{names: []string{folded}, identifiers: []string{folded}} // Repology's names are of this form
}

func cutLast(s, separator string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, separator); i > 0 {
		return s[:i], s[i+len(separator):], true
	}
	return s, "", false
}

// clueOfImage reads a reference to a container image with a registry, a namespace or a tag: `node:18-alpine`. What
// Docker's library holds is called like the technology, too; the tag `latest` says no version.
func clueOfImage(s string) (clue, bool) {
	named, err := reference.ParseNormalizedNamed(s)
	if err != nil || !strings.ContainsAny(s, ":/") {
		return clue{}, false
	}
	const docker, library = "docker.io", "library/"
	c := clue{}
	path := reference.Path(named)
	if name, isOfLibrary := strings.CutPrefix(path, library); reference.Domain(named) == docker {
		c.identifiers = []string{"pkg:docker/" + path}
		if isOfLibrary {
			c.names = []string{text.Fold(name)}
		}
	} else if namespace, name, ok := cutLast(path, "/"); ok {
		c.identifiers = []string{"pkg:oci/" + name + "?repository_url=" + reference.Domain(named) + "/" + namespace}
	}
	if tagged, isTagged := named.(reference.Tagged); isTagged && tagged.Tag() != "latest" {
		c.version = tagged.Tag()
	}
	return c, true
}

// clueOfPackage looks for a package with what tells it apart from others of its
// name, then for the package alone. Images of Docker without a namespace are those of its library.
func clueOfPackage(given string, p packageurl.PackageURL) clue {
	qualifiers := p.Qualifiers.Map()
	c := clue{purl: given, version: versionOf(p.Version, qualifiers["tag"])}
	if p.Type == packageurl.TypeDocker && p.Namespace == "" {
		p.Namespace = "library"
	}
	p.Version, p.Qualifiers, p.Subpath = "", nil, ""
	c.pkg = p.ToString()
	for _, key := range []string{"repository_url", "tag_id"} {
		if value, isGiven := qualifiers[key]; isGiven {
			c.identifiers = append(c.identifiers, c.pkg+"?"+key+"="+value, c.pkg+"?"+key+"="+url.QueryEscape(value))
		}
	}
	if p.Type == packageurl.TypeOCI {
		c.identifiers = append(c.identifiers, image(p.Name, qualifiers["repository_url"])...)
	}
	c.packages = []string{c.pkg}
	if asGiven, _, _ := strings.Cut(strings.SplitN(given, "?", 2)[0], "#"); withoutVersion(asGiven) != c.pkg {
		c.packages = append(c.packages, withoutVersion(asGiven)) // the catalogue may write it so, too
	}
	c.identifiers = append(c.identifiers, c.packages...)
	return c
}

// versionOf is the version of a package: the tag of an image whose version is the digest of its content.
func versionOf(version, tag string) string {
	if algorithm, _, isDigest := strings.Cut(version, ":"); tag != "" && isDigest && strings.HasPrefix(algorithm, "sha") {
		return tag
	}
	return version
}

// hub are the addresses of the registry whose images package URLs of type docker name.
var hub = regexp.MustCompile(`^(?:https://)?(?:docker\.io|index\.docker\.io|registry-1\.docker\.io)(?:/|$)`)

// image gives what the catalogue may call an image in a repository: by the folder that it is in, or as Docker's.
// Source: https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md
func image(name, repository string) (out []string) {
	folder, isWhole := strings.CutSuffix("/"+repository, "/"+name)
	folder = strings.TrimPrefix(folder, "/")
	if isWhole && folder != "" {
		out = append(out, "pkg:oci/"+name+"?repository_url="+folder)
	}
	if at := hub.FindString(folder); at != "" {
		folder = strings.Trim(folder[len(at):], "/")
		if folder == "" {
			folder = "library"
		}
		out = append(out, "pkg:docker/"+folder+"/"+name)
	}
	return out
}

func withoutVersion(purl string) string {
	if i := strings.LastIndexByte(purl, '@'); i > strings.LastIndexByte(purl, '/') {
		return purl[:i]
	}
	return purl
}

var cpe = regexp.MustCompile(`(?i)^(cpe:2\.3:[aoh]|cpe:/[aoh])((?::(?:[^:\\]|\\.)+){2})(?::((?:[^:\\]|\\.)*))?(?::.*)?$`)

// splitCPE gives the product of a CPE, in the form of the catalogue, and its version.
func splitCPE(s string) (product, version string, isCPE bool) {
	parts := cpe.FindStringSubmatch(s)
	if parts == nil {
		return "", "", false
	}
	version = strings.ReplaceAll(parts[3], `\`, "")
	if slices.Contains([]string{"*", "-"}, version) {
		version = ""
	}
	return strings.ToLower(parts[1] + parts[2]), version, true
}

// bothForms gives a product as CPE 2.3 and CPE 2.2 write it, as it was given first; the catalogue may know either.
func bothForms(product string) []string {
	if rest, isURI := strings.CutPrefix(product, "cpe:/"); isURI {
		return []string{product, "cpe:2.3:" + rest}
	}
	return []string{product, "cpe:/" + strings.TrimPrefix(product, "cpe:2.3:")}
}
