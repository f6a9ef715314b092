package graph_test

import (
	"strings"

	"github.com/google/go-cmp/cmp"
)

// logs requires what the public log gets of what do does, a change a line, each
// with the subject as it is afterwards.
func (a *api) logs(what string, do func(), want ...string) {
	a.t.Helper()
	_, before := a.published(nil)
	do()
	got, _ := a.published(before)
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		a.t.Errorf("%s is logged (-want +got):\n%s", what, diff)
	}
}

// published gives the public log after a cursor, and the cursor of its last change.
func (a *api) published(after *string) (lines []string, last *string) {
	a.t.Helper()
	var data struct {
		CatalogChanges struct {
			Edges []struct {
				Cursor string
				Node   struct {
					Operation, SubjectType string
					Subject                map[string]string
					Fields                 []string
				}
			}
		}
	}
	const document = `query($after: String) { catalogChanges(first: 100, after: $after) { edges { cursor node {
		operation subjectType fields subject { ... on Technology { name: slug } ... on ReleaseCycle { name } ... on Review { body } ... on Advisory { name: identifier } }
	} } } }`
	a.data(document, map[string]any{"after": after}, &data)
	lines, last = []string{}, after
	for _, e := range data.CatalogChanges.Edges {
		words := []string{e.Node.Operation, e.Node.SubjectType}
		if name := e.Node.Subject["name"] + e.Node.Subject["body"]; name != "" {
			words = append(words, name)
		}
		lines, last = append(lines, strings.Join(append(words, e.Node.Fields...), " ")), &e.Cursor
	}
	return lines, last
}
