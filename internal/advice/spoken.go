package advice

import (
	"slices"
	"strings"
)

// spoken are names that people have for release cycles, where the source of the cycles has others. What stands for
// several cycles, as the versions of SQL Server that had service packs do, is the beginning of their names.
// Sources: https://github.com/nodejs/Release/blob/main/CODENAMES.md,
// https://learn.microsoft.com/troubleshoot/sql/releases/download-and-install-latest-updates
var spoken = map[string]map[string]string{
	"nodejs": {
		"argon": "4", "boron": "6", "carbon": "8", "dubnium": "10", "erbium": "12", "fermium": "14", "gallium": "16",
		"hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24",
	},
	"sql-server": {"2012": "11", "2014": "12", "2016": "13", "2017": "14.0", "2019": "15.0", "2022": "16.0", "2025": "17.0"},
}

// called gives the name of the release cycle that has the codename; empty where none has, or several.
func (t *Technology) called(codename string) string {
	if isNumbered(codename) {
		return ""
	}
	has := func(c Cycle) bool {
		first, _, _ := strings.Cut(c.Codename, " ")
		return first != "" && (strings.EqualFold(codename, c.Codename) || strings.EqualFold(firstWord(codename), first))
	}
	i := slices.IndexFunc(t.Cycles, has)
	if i < 0 || slices.ContainsFunc(t.Cycles[i+1:], has) {
		return ""
	}
	return t.Cycles[i].Name
}

// firstWord is what a version begins with, before a blank or a hyphen: `bookworm-slim` is bookworm.
func firstWord(v string) string {
	if i := strings.IndexAny(v, " -"); i >= 0 {
		return v[:i]
	}
	return v
}
