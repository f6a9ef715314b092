package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"

	"stackyard/internal/advice"
	"stackyard/internal/enum"
)

// The part of SARIF 2.1.0 that is written; https://docs.oasis-open.org/sarif/sarif/v2.1.0/ has the whole.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
		FullDescription  sarifText `json:"fullDescription"`
		Help             sarifText `json:"help"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		Properties          map[string]string `json:"properties"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPhysical  `json:"physicalLocation"`
		LogicalLocations []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	}
)

const (
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifVersion = "2.1.0"
	// fingerprint names what a finding is told apart by over the runs, in its first version.
	fingerprint = "stackyardFinding/v1"
)

// writeSARIF writes for code scanning.
func writeSARIF(out io.Writer, r *report) error {
	driver := sarifDriver{Name: "Stackyard", Version: release(), Rules: []sarifRule{}}
	places := map[enum.FindingRule]int{}
	for i, rule := range advice.Rules() {
		places[rule.ID] = i
		driver.Rules = append(driver.Rules, sarifRule{
			ID: string(rule.ID), ShortDescription: sarifText{rule.Sees}, FullDescription: sarifText{rule.Sees + " " + rule.Reason},
			Help: sarifText{"Severities: " + rule.Severities + " Example: " + rule.Example},
		})
	}
	run := sarifRun{Tool: sarifTool{driver}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	where := sarifPhysical{sarifArtifact{(&url.URL{Path: relative(r.file)}).String()}, sarifRegion{1}}
	for _, f := range r.check.Findings {
		name := r.component(f)
		run.Results = append(run.Results, sarifResult{
			RuleID: string(f.Rule), RuleIndex: places[f.Rule], Level: level(f.Severity),
			Message:             sarifText{f.Message + " " + f.Advice},
			Locations:           []sarifLocation{{where, []sarifLogical{{name, "module"}}}},
			PartialFingerprints: map[string]string{fingerprint: r.fingerprint(f)},
			Properties:          map[string]string{"severity": string(f.Severity)},
		})
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{Schema: sarifSchema, Version: sarifVersion, Runs: []sarifRun{run}})
}

// level gives the severity in the words of SARIF.
func level(s enum.Severity) string {
	switch s {
	case enum.SeverityCritical, enum.SeverityHigh:
		return "error"
	case enum.SeverityMedium:
		return "warning"
	}
	return "note"
}

// fingerprint stays the same while the cause does, whatever else the file says.
func (r *report) fingerprint(f advice.Finding) string {
	component := ""
	if f.Component != advice.Whole {
		if c := r.check.Components[f.Component]; c.Of != nil {
			component = c.Of.Slug
		} else {
			component = c.Name
		}
	}
	sum := sha256.Sum256([]byte(f.Key() + "\x00" + component))
	return hex.EncodeToString(sum[:])
}

// relative is the path from the working directory, with slashes, where the file is below it.
func relative(path string) string {
	if here, err := filepath.Abs("."); err == nil {
		if below, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(below) {
			path = below
		}
	}
	return filepath.ToSlash(path)
}
