package catalog

import (
	"fmt"
	"slices"

	"stackyard/internal/enum"
)

func (v *validation) checkIntegrations() {
	areas := map[string]enum.IntegrationArea{}
	for _, t := range v.Tools {
		areas[t.Slug] = t.Area
	}
	ranks := v.ranks()
	seen := map[Integration]bool{}
	for _, i := range v.Integrations {
		record := fmt.Sprintf("integration of %s with %s%s", i.From, i.ToTechnology, i.ToTool)
		v.refer(record, aTechnology, i.From)
		v.require((i.ToTechnology == "") != (i.ToTool == ""), record, "it is not with either a technology or a tool")
		v.require(i.From != i.ToTechnology, record, "it is with itself")
		if i.ToTechnology != "" {
			v.refer(record, aTechnology, i.ToTechnology)
			isLast := ranks[i.ToTechnology] != "" && ranks[i.From] > ranks[i.ToTechnology]
			v.require(!isLast, record, "%s lists it, being first by category or by slug", i.ToTechnology)
		}
		if i.ToTool != "" {
			v.refer(record, aTool, i.ToTool)
			area := areas[i.ToTool]
			v.require(i.Area == area || area == "" || i.ToTechnology != "", record, "it is for %s, but the tool is for %s", i.Area, area)
		}
		v.require(i.Area != "" && i.Support != "", record, "it has no area or no support")
		v.line(record, "note", i.Note, 5, 140)
		key := Integration{From: min(i.From, i.ToTechnology), ToTechnology: max(i.From, i.ToTechnology), ToTool: i.ToTool, Area: i.Area}
		v.require(!seen[key], record, "it is there twice for %s", i.Area)
		seen[key] = true
	}
}

// ranks orders technologies by main category, then by slug: the first of two lists their integration.
func (v *validation) ranks() map[string]string {
	out := map[string]string{}
	for _, t := range v.Technologies {
		if len(t.Categories) > 0 {
			place := slices.IndexFunc(v.Categories, func(c Category) bool { return c.Slug == t.Categories[0] })
			out[t.Slug] = fmt.Sprintf("%03d %s", place, t.Slug)
		}
	}
	return out
}
