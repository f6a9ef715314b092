package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"stackyard/internal/advice"
)

// component is the name of what a finding is about, with its version.
func (r *report) component(f advice.Finding) string {
	if f.Component == advice.Whole {
		return "the stack"
	}
	c := r.check.Components[f.Component]
	name := c.Name
	if c.Of != nil {
		name = c.Of.Name
	}
	if c.GivenVersion != nil {
		name += " " + *c.GivenVersion
	}
	return name
}

// recognized is how many components are known.
func (r *report) recognized() int {
	n := 0
	for _, c := range r.check.Components {
		if c.Of != nil {
			n++
		}
	}
	return n
}

// writeTable writes for people: a line for each finding, and under it what to do.
func writeTable(out io.Writer, r *report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range r.check.Findings {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.Severity, f.Rule, r.component(f), oneLine(f.Message)) // Flush has the error
		_, _ = fmt.Fprintf(w, "\t\t\t→ %s\n", oneLine(f.Advice))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(r.check.Findings) > 0 {
		_, _ = fmt.Fprintln(out)
	}
	says := fmt.Sprintf("%d findings, score %d of 100, facts of %s or later", len(r.check.Findings), r.check.Score, r.check.AsOf)
	listed := len(r.check.Components) + len(r.unrecognized)
	switch {
	case listed == 0:
		says = "nothing is listed, so there is nothing to check"
	case r.recognized() == 0:
		says = "so nothing was checked that the catalogue has facts about"
	}
	_, err := fmt.Fprintf(out, "%s: %s; %d of %d components recognised, %s\n", r.file, r.format, r.recognized(), listed, says)
	return err
}

// oneLine keeps what a file says from looking like lines of the table, or from moving the terminal's cursor.
func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c >= 0x80 && c < 0xa0 {
			return ' '
		}
		return c
	}, s)
}

type (
	// jsonReport is a StackCheck of the contract, as far as it goes without a server.
	jsonReport struct {
		File         string             `json:"file"`
		Format       string             `json:"format"`
		Score        *int               `json:"score"` // null, like asOf, where nothing was recognised
		AsOf         *string            `json:"asOf"`
		Components   []jsonComponent    `json:"components"`
		Findings     []jsonFinding      `json:"findings"`
		Unrecognized []jsonUnrecognized `json:"unrecognized"`
	}
	jsonComponent struct {
		Name         string  `json:"name"`
		GivenVersion *string `json:"givenVersion"`
		Technology   *string `json:"technology"` // its slug
		ReleaseCycle *string `json:"releaseCycle"`
		MatchedBy    *string `json:"matchedBy"`
	}
	jsonFinding struct {
		Rule     string `json:"rule"`
		Severity string `json:"severity"`
		Message  string `json:"message"`
		Advice   string `json:"advice"`
		// Component is its place in components, from 0; null where the finding is about the whole stack.
		Component  *int    `json:"component"`
		Technology *string `json:"technology"`
		Advisory   *string `json:"advisory"`
		FixedBy    *string `json:"fixedBy"`
	}
	jsonUnrecognized struct {
		Name    string  `json:"name"`
		Version *string `json:"version"`
		PURL    *string `json:"purl"`
		Reason  string  `json:"reason"`
	}
)

// writeJSONReport writes for programs.
func writeJSONReport(out io.Writer, r *report) error {
	is := jsonReport{
		File: r.file, Format: r.format,
		Components: []jsonComponent{}, Findings: []jsonFinding{}, Unrecognized: []jsonUnrecognized{},
	}
	if r.recognized() > 0 {
		is.Score, is.AsOf = &r.check.Score, new(r.check.AsOf.String())
	}
	for _, c := range r.check.Components {
		one := jsonComponent{Name: c.Name, GivenVersion: c.GivenVersion}
		if c.Of != nil {
			one.Technology = &c.Of.Slug
		}
		if c.Cycle != nil {
			one.ReleaseCycle = &c.Cycle.Name
		}
		if c.MatchedBy != nil {
			by := string(*c.MatchedBy)
			one.MatchedBy = &by
		}
		is.Components = append(is.Components, one)
	}
	for _, f := range r.check.Findings {
		one := jsonFinding{Rule: string(f.Rule), Severity: string(f.Severity), Message: f.Message, Advice: f.Advice, FixedBy: some(f.FixedBy)}
		if f.Component != advice.Whole {
			one.Component = &f.Component
		}
		if f.Technology != nil {
			one.Technology = &f.Technology.Slug
		}
		if f.Advisory != nil {
			one.Advisory = &f.Advisory.Identifier
		}
		is.Findings = append(is.Findings, one)
	}
	for _, u := range r.unrecognized {
		is.Unrecognized = append(is.Unrecognized, jsonUnrecognized{Name: u.Name, Version: u.Version, PURL: u.PURL, Reason: u.Reason})
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(is)
}

// some is nil for an empty text.
func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
