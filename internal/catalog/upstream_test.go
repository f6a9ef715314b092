package catalog

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/calendar"
)

// upstreamProduct is a product as endoflife.date publishes it.
type upstreamProduct struct {
	Name     string
	Label    string
	Releases []upstreamRelease
}

type upstreamRelease struct {
	Name        string
	Codename    *string
	ReleaseDate *calendar.Day
	IsLTS       bool          `json:"isLts"`
	LTSFrom     *calendar.Day `json:"ltsFrom"`
	IsEOAS      *bool         `json:"isEoas"`
	EOASFrom    *calendar.Day `json:"eoasFrom"`
	IsEOL       *bool         `json:"isEol"`
	EOLFrom     *calendar.Day `json:"eolFrom"`
	IsEOES      *bool         `json:"isEoes"`
	EOESFrom    *calendar.Day `json:"eoesFrom"`
	Latest      *struct {
		Name string
		Date *calendar.Day
	}
}

// cycle says what the catalogue must hold for the release.
func (r upstreamRelease) cycle() ReleaseCycle {
	c := ReleaseCycle{
		Name:                  r.Name,
		ReleasedOn:            r.ReleaseDate,
		IsLongTerm:            r.IsLTS || r.LTSFrom != nil,
		LongTermFrom:          r.LTSFrom,
		ActiveSupportUntil:    r.EOASFrom,
		IsActiveSupportOver:   flagWithout(r.EOASFrom, r.IsEOAS),
		EndOfLifeOn:           r.EOLFrom,
		IsEndOfLife:           flagWithout(r.EOLFrom, r.IsEOL),
		ExtendedSupportUntil:  r.EOESFrom,
		IsExtendedSupportOver: flagWithout(r.EOESFrom, r.IsEOES),
		Source:                "endoflife",
		AsOf:                  20687, // 2026-08-22
	}
	if r.Codename != nil {
		c.Codename = *r.Codename
	}
	if r.Latest != nil {
		c.LatestVersion, c.LatestReleasedOn = r.Latest.Name, r.Latest.Date
	}
	return c
}

func flagWithout(day *calendar.Day, flag *bool) *bool {
	if day != nil {
		return nil
	}
	return flag
}

func TestEveryCycleAgreesWithItsSource(t *testing.T) {
	content, err := os.ReadFile("testdata/endoflife-products.json")
	if err != nil {
		t.Fatal(err)
	}
	var upstream struct{ Products []upstreamProduct }
	if err := json.Unmarshal(content, &upstream); err != nil {
		t.Fatal(err)
	}
	technologies := map[string]Technology{}
	for _, technology := range mustLoad(t).Technologies {
		for _, name := range technology.Identifiers.EndOfLife {
			technologies[name] = technology
		}
	}
	if len(upstream.Products) != 155 || len(technologies) != 155 {
		t.Fatalf("%d products, %d technologies that name one", len(upstream.Products), len(technologies))
	}
	for _, product := range upstream.Products {
		want := make([]ReleaseCycle, len(product.Releases))
		for i, release := range product.Releases {
			want[i] = release.cycle()
		}
		if diff := cmp.Diff(want, technologies[product.Name].ReleaseCycles); diff != "" {
			t.Errorf("%s (-source +catalogue):\n%s", product.Name, diff)
		}
	}
}
