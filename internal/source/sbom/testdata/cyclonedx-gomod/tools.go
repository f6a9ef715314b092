//go:build tools

// Package tools pins the maker of bills of materials that the tests run.
package tools

import _ "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod"
