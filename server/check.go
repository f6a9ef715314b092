package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"stackyard/internal/advice"
	"stackyard/internal/app"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/source/sbom"
	"stackyard/internal/store"
)

// checkCommand says what is wrong with a stack, from the embedded catalogue alone: no server, no network.
type checkCommand struct {
	// File is a bill of materials or a list of components.
	File string `arg:"" type:"path" help:"Bill of materials (CycloneDX, SPDX), or the arguments of checkStack in YAML or JSON; - is the standard input."`
	// FailOn lists what makes the exit code 1: rules, and severities that are the least to do so.
	FailOn []string `placeholder:"RULE|SEVERITY" default:"LOW" help:"What makes the exit code 1: a rule, or findings of at least a severity (LOW, UNKNOWN for what is not rated yet, MEDIUM, HIGH, CRITICAL); can be repeated."`
	// MinRecognized is how many components the catalogue must know; with fewer, the check says too little to rely on.
	MinRecognized int `name:"min-recognized" default:"0" help:"Fewest components that must be recognised; with fewer, the exit code is 2."`
	// Format is how the findings are written.
	Format string `default:"table" enum:"table,json,sarif" help:"How the findings are written: ${enum}."`
	// Context is a file that says what the stack is for, as the context of checkStack does.
	Context string `placeholder:"FILE" type:"path" help:"What the stack is for: the context of checkStack, in YAML or JSON."`
	// On is the day to check for; where empty, today.
	On string `placeholder:"DAY" help:"Day to check for, such as 2026-04-30; by default today (UTC)."`
	// MaxSBOMBytes is the size of the largest file.
	MaxSBOMBytes int64 `name:"max-sbom-bytes" default:"20971520" help:"Largest file, in bytes."`
	// MaxSBOMComponents is how many components it may list.
	MaxSBOMComponents int `name:"max-sbom-components" default:"20000" help:"Most components of a file."`
	// MaxSBOMDepth is how deep the parts of a bill of materials may lie in one another.
	MaxSBOMDepth int `name:"max-sbom-depth" default:"32" help:"Deepest nesting of a bill of materials."`
}

// foundError says that something was found that makes the exit code 1.
type foundError struct{ count int }

func (e foundError) Error() string {
	if e.count == 1 {
		return "1 finding is of a rule or severity that --fail-on names"
	}
	return fmt.Sprintf("%d findings are of rules or severities that --fail-on names", e.count)
}

// report is what a check found.
type report struct {
	file string
	// format is what kind of file it is.
	format       string
	check        *app.StackCheck
	unrecognized []*app.UnrecognizedComponent
}

// run checks the file, and writes what was found. Whatever keeps it from that is a usageError, whose exit code is 2; and so
// is that too little was recognised, which is written all the same.
func (c checkCommand) run(ctx context.Context, out io.Writer, now time.Time) error {
	fails, err := failuresOf(c.FailOn)
	if err != nil {
		return usageError{err}
	}
	r, err := c.check(ctx, now)
	if err != nil {
		return usageError{err}
	}
	write := map[string]func(io.Writer, *report) error{"table": writeTable, "json": writeJSONReport, "sarif": writeSARIF}[c.Format]
	if err := write(out, r); err != nil {
		return usageError{fmt.Errorf("writing the findings: %w", err)}
	}
	if known := r.recognized(); known < c.MinRecognized {
		return usageError{fmt.Errorf("%s: %d components are recognised, fewer than %d (--min-recognized)", r.file, known, c.MinRecognized)}
	}
	count := 0
	for _, f := range r.check.Findings {
		if fails(f.Rule, f.Severity) {
			count++
		}
	}
	if count > 0 {
		return foundError{count}
	}
	return nil
}

// failuresOf reads --fail-on.
func failuresOf(texts []string) (fails func(enum.FindingRule, enum.Severity) bool, err error) {
	var rules []string
	least := -1
	for _, t := range texts {
		name := strings.ToUpper(strings.TrimSpace(t))
		switch {
		case slices.Contains(failing, enum.Severity(name)):
			least = max(least, advice.Rank(enum.Severity(name)))
		case slices.Contains(enum.FindingRule("").Values(), name):
			rules = append(rules, name)
		default:
			return nil, fmt.Errorf("--fail-on: %q is no severity (LOW, UNKNOWN, MEDIUM, HIGH, CRITICAL), and no rule: %s", t, strings.Join(enum.FindingRule("").Values(), ", "))
		}
	}
	return func(r enum.FindingRule, s enum.Severity) bool {
		return slices.Contains(rules, string(r)) || advice.Rank(s) <= least
	}, nil
}

// failing are the severities that --fail-on takes; findings have the order that they have for scores.
var failing = []enum.Severity{enum.SeverityLow, enum.SeverityUnknown, enum.SeverityMedium, enum.SeverityHigh, enum.SeverityCritical}

func (c checkCommand) check(ctx context.Context, now time.Time) (_ *report, err error) {
	day := calendar.DayOf(now)
	if c.On != "" {
		if day, err = calendar.ParseDay(c.On); err != nil {
			return nil, fmt.Errorf("--on: %w", err)
		}
	}
	file := c.File
	if file == standardInput {
		file = "standard input"
	}
	content, err := readUpTo(c.File, c.MaxSBOMBytes)
	if err != nil {
		return nil, err
	}
	limits := sbom.Limits{Bytes: c.MaxSBOMBytes, Components: c.MaxSBOMComponents, Depth: c.MaxSBOMDepth}
	in, err := readStack(content, limits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if c.Context != "" {
		if in.about, err = readContext(c.Context, c.MaxSBOMBytes); err != nil {
			return nil, err
		}
	}
	cases, closed, err := openEmbedded(ctx, limits, now)
	if err != nil {
		return nil, fmt.Errorf("opening the embedded catalogue: %w", err)
	}
	defer func() { err = errors.Join(err, closed()) }()
	r := &report{file: file, format: in.format()}
	if in.document == nil {
		r.check, err = cases.CheckStack(ctx, day, in.components, in.about)
	} else {
		r.check, r.unrecognized, err = cases.CheckDocument(ctx, day, in.document, in.about)
	}
	if err != nil {
		return nil, fmt.Errorf("checking %s: %w", file, err)
	}
	return r, nil
}

// openEmbedded puts the embedded catalogue into a database that lasts as long as the command.
func openEmbedded(ctx context.Context, limits sbom.Limits, now time.Time) (_ *app.App, closed func() error, err error) {
	folder, err := os.MkdirTemp("", "stackyard-check-")
	if err != nil {
		return nil, nil, err
	}
	remove := func() error { return os.RemoveAll(folder) }
	db, err := store.Open(ctx, store.Config{Database: "sqlite:" + filepath.Join(folder, "catalogue.db")})
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	closed = func() error { return errors.Join(db.Close(), remove()) }
	err = db.Migrate(ctx)
	if err == nil {
		_, err = db.Seed(ctx, now)
	}
	if err != nil {
		return nil, nil, errors.Join(err, closed())
	}
	return app.New(db, func() time.Time { return now }, app.Limits{CheckedComponents: limits.Components, SBOM: limits}), closed, nil
}
