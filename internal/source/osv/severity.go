package osv

import (
	"encoding/json"
	"slices"
	"strings"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
	gocvss40 "github.com/pandatix/go-cvss/40"

	"stackyard/internal/enum"
)

// score is the highest base score of the record's CVSS vectors; not known where
// there is none that can be read.
func (r Record) score() (highest float64, isKnown bool) {
	vectors := slices.Clone(r.Severity)
	for _, a := range r.Affected {
		vectors = append(vectors, a.Severity...)
	}
	for _, v := range vectors {
		score, err := v.score()
		if err == nil && (!isKnown || score > highest) {
			highest, isKnown = score, true
		}
	}
	return highest, isKnown
}

func (v vector) score() (float64, error) {
	switch {
	case strings.HasPrefix(v.Score, "CVSS:4.0/"):
		c, err := gocvss40.ParseVector(base40(v.Score))
		if err != nil {
			return 0, err
		}
		return c.Score(), nil
	case strings.HasPrefix(v.Score, "CVSS:3.1/"):
		c, err := gocvss31.ParseVector(v.Score)
		if err != nil {
			return 0, err
		}
		return c.BaseScore(), nil
	case strings.HasPrefix(v.Score, "CVSS:3.0/"):
		c, err := gocvss30.ParseVector(v.Score)
		if err != nil {
			return 0, err
		}
		return c.BaseScore(), nil
	}
	c, err := gocvss20.ParseVector(v.Score)
	if err != nil {
		return 0, err
	}
	return c.BaseScore(), nil
}

// base40 leaves out the metrics of a CVSS 4 vector that are not base metrics, of
// which its score would be made, too.
func base40(vector string) string {
	parts := strings.Split(vector, "/")
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool {
		name, _, _ := strings.Cut(part, ":")
		return !slices.Contains([]string{"CVSS", "AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"}, name)
	}), "/")
}

// words are what databases write for severities.
var words = map[string]enum.Severity{
	"NONE": enum.SeverityNone, "LOW": enum.SeverityLow, "MEDIUM": enum.SeverityMedium, "MODERATE": enum.SeverityMedium,
	"HIGH": enum.SeverityHigh, "IMPORTANT": enum.SeverityHigh, "CRITICAL": enum.SeverityCritical,
}

// word is the worst word for the severity in what the database adds to the format.
func (r Record) word() enum.Severity {
	worst := enum.SeverityUnknown
	notes := []json.RawMessage{r.DatabaseSpecific}
	for _, a := range r.Affected {
		notes = append(notes, a.DatabaseSpecific, a.EcosystemSpecific)
	}
	for _, note := range notes {
		var of struct{ Severity string }
		if json.Unmarshal(note, &of) == nil && worse(words[strings.ToUpper(of.Severity)], worst) {
			worst = words[strings.ToUpper(of.Severity)]
		}
	}
	return worst
}

// worse says whether a severity is worse than another; one that is not known is the least.
func worse(a, b enum.Severity) bool {
	order := enum.Severity("").Values()
	return slices.Index(order, string(a)) > slices.Index(order, string(b))
}
