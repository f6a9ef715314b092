package advice

import (
	"strings"

	"github.com/github/go-spdx/v2/spdxexp"
)

// maxNesting bounds the parentheses of a licence expression.
const maxNesting = 20

// licenseParser evaluates an SPDX expression: OR binds weaker than AND, and WITH belongs to its licence. What is
// no expression is not satisfied. Single licences, their versions and `or later`, are left to spdxexp, which loses
// alternatives in nested expressions.
type licenseParser struct {
	words   []string
	allowed []string
	depth   int
}

// or reads alternatives; all are read, whether or not one was satisfied.
func (p *licenseParser) or() bool {
	ok := p.and()
	for p.accept("OR") {
		other := p.and()
		ok = ok || other
	}
	return ok
}

func (p *licenseParser) and() bool {
	ok := p.single()
	for p.accept("AND") {
		other := p.single()
		ok = ok && other
	}
	return ok
}

func (p *licenseParser) single() bool {
	if p.accept("(") {
		if p.depth++; p.depth > maxNesting {
			return false
		}
		ok := p.or()
		p.depth--
		return p.accept(")") && ok
	}
	if len(p.words) == 0 {
		return false
	}
	license := p.words[0]
	p.words = p.words[1:]
	exception := ""
	if p.accept("WITH") && len(p.words) > 0 {
		exception, p.words = p.words[0], p.words[1:]
	}
	return p.isAllowed(license, exception)
}

// isAllowed says whether one of the allowed licences is this one, or this one with its exception.
func (p *licenseParser) isAllowed(license, exception string) bool {
	for _, a := range p.allowed {
		if exception != "" && strings.EqualFold(a, license+" WITH "+exception) {
			return true
		}
		if ok, err := spdxexp.Satisfies(license, []string{a}); err == nil && ok {
			return true
		}
	}
	return false
}

func (p *licenseParser) accept(word string) bool {
	if len(p.words) == 0 || !strings.EqualFold(p.words[0], word) {
		return false
	}
	p.words = p.words[1:]
	return true
}
