package version

import (
	"regexp"
	"strconv"
	"strings"
)

// majorSuffix is how a Go module's path names its major version.
// Source: https://go.dev/ref/mod#major-version-suffixes
var majorSuffix = regexp.MustCompile(`[/.]v([0-9]+)$`)

// fitsModule says whether a version can be one of a Go module whose range has
// these bounds. A path with a suffix holds one major version; one without holds
// 0 and 1, and others only where the bounds say so (`+incompatible` versions).
func fitsModule(path, version string, bounds ...string) bool {
	if m := majorSuffix.FindStringSubmatch(path); m != nil {
		return strconv.Itoa(major(version)) == m[1]
	}
	if major(version) <= 1 {
		return true
	}
	for _, b := range bounds {
		if major(b) > 1 {
			return true
		}
	}
	return false
}

// major is the first number of a version; 0 where there is none.
func major(v string) int {
	v = strings.TrimPrefix(v, "v")
	n, err := strconv.Atoi(v[:span(v, isDigit)])
	if err != nil {
		return 0
	}
	return n
}
