package catalog

import (
	"strings"
	"testing"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// inRedis spoils the technology that has everything.
func inRedis(spoil func(redis *Technology)) spoiler {
	return func(c *Catalog) { spoil(&c.Technologies[1]) }
}

func TestRulesOfTechnologiesBite(t *testing.T) {
	expectFaults(t, map[string]spoiler{
		`technology Val key: its slug is not lower-case words joined by hyphens`: func(c *Catalog) {
			c.Technologies = append(c.Technologies, c.Technologies[0])
			c.Technologies[3].Slug, c.Technologies[3].Name = "Val key", "Another"
			c.Technologies[3].Description = wordsOn("another", 60)
		},
		`technology redis: "VALKEY" already leads to technology valkey`: inRedis(func(redis *Technology) {
			redis.Aliases = []string{"VALKEY"}
		}),
		`technology redis: "valkey" already leads to technology valkey`: inRedis(func(redis *Technology) {
			redis.Name = "valkey"
		}),
		`technology redis: alias "REDIS" is its slug or name`: inRedis(func(redis *Technology) { redis.Aliases = []string{"REDIS"} }),
		`technology redis: "redis-server" is there twice among its aliases`: inRedis(func(redis *Technology) {
			redis.Aliases = append(redis.Aliases, "redis-server")
		}),
		`technology redis: its name is not one tidy line`: inRedis(func(redis *Technology) { redis.Name = "Redis " }),
		`technology redis: its summary does not end with a full stop`: inRedis(func(redis *Technology) {
			redis.Summary = "Key-value store in memory"
		}),
		`technology redis: its summary has 6 characters, not 20 to 120`: inRedis(func(redis *Technology) { redis.Summary = "Store." }),
		`technology redis: its summary has 121 characters, not 20 to 120`: inRedis(func(redis *Technology) {
			redis.Summary = strings.Repeat("é", 120) + "."
		}),
		`technology redis: its description has 59 words, not 60 to 150`: inRedis(func(redis *Technology) {
			redis.Description = wordsOn("redis", 59)
		}),
		`technology redis: its homepage "ftp://redis.io" is not an absolute http or https address`: inRedis(func(redis *Technology) {
			redis.Homepage = "ftp://redis.io"
		}),
		`technology redis: its repository "https://" is not an absolute http or https address`: inRedis(func(redis *Technology) {
			redis.Repository = "https://"
		}),
		`technology redis: its description has blanks around it`:      inRedis(func(redis *Technology) { redis.Description += "\n" }),
		`technology redis: its steward has 1 characters, not 2 to 80`: inRedis(func(redis *Technology) { redis.Steward = "X" }),
		`technology redis: it has 4 categories, not 1 to 3`: func(c *Catalog) {
			for _, slug := range []string{"b", "c", "d"} {
				category := c.Categories[0]
				category.Slug = slug
				c.Categories = append(c.Categories, category)
			}
			c.Technologies[1].Categories = []string{"databases", "b", "c", "d"}
		},
		`technology redis: it has 4 use cases, not 0 to 3`: func(c *Catalog) {
			for _, slug := range []string{"b", "c", "d"} {
				useCase := c.UseCases[0]
				useCase.Slug = slug
				c.UseCases = append(c.UseCases, useCase)
			}
			c.Technologies[1].UseCases = []string{"small", "b", "c", "d"}
		},
		`technology redis: it has 3 successors, not 0 to 2`: func(c *Catalog) {
			for _, slug := range []string{"b", "c"} {
				technology := c.Technologies[0]
				technology.Slug, technology.Name, technology.Description = slug, slug, wordsOn(slug, 60)
				c.Technologies = append(c.Technologies, technology)
			}
			c.Technologies[1].Successors = []string{"valkey", "b", "c"}
		},
		`technology redis: there is no technology "dragonfly"`: inRedis(func(redis *Technology) {
			redis.Successors[0] = "dragonfly"
		}),
		`technology redis: it has 0 categories, not 1 to 3`:        inRedis(func(redis *Technology) { redis.Categories = nil }),
		`technology redis: there is no category "caches"`:          inRedis(func(redis *Technology) { redis.Categories[0] = "caches" }),
		`technology redis: there is no use case "large"`:           inRedis(func(redis *Technology) { redis.UseCases[0] = "large" }),
		`technology redis: there is no language "B"`:               inRedis(func(redis *Technology) { redis.WrittenIn[0] = "B" }),
		`technology redis: there is no language "D"`:               inRedis(func(redis *Technology) { redis.Languages[0] = "D" }),
		`technology redis: language "C" is named twice`:            inRedis(func(redis *Technology) { redis.Languages = []string{"C", "C"} }),
		`technology redis: there is no capability "queue"`:         inRedis(func(redis *Technology) { redis.Capabilities[0] = "queue" }),
		`technology redis: there is no technology "keydb"`:         inRedis(func(redis *Technology) { redis.Alternatives[0] = "keydb" }),
		`technology redis: it is its own alternative or successor`: inRedis(func(redis *Technology) { redis.Successors[0] = "redis" }),
		`technology redis: hosting MANAGED is named twice`: inRedis(func(redis *Technology) {
			redis.Hosting = append(redis.Hosting, enum.HostingManaged)
		}),
		`technology redis: its licence: "Mit Licence" is not an SPDX licence expression`: inRedis(func(redis *Technology) {
			redis.License = "Mit Licence"
		}),
		`technology redis: its licence: licence "Zlib" is not listed`: inRedis(func(redis *Technology) {
			redis.License = "MIT OR Zlib"
		}),
		`technology redis: there is no source "x"`:                     inRedis(func(redis *Technology) { redis.Source = "x" }),
		`technology redis: it does not say as of which day it holds`:   inRedis(func(redis *Technology) { redis.AsOf, redis.FirstReleaseYear = 0, 0 }),
		`technology redis: it cannot have been released first in 2099`: inRedis(func(redis *Technology) { redis.FirstReleaseYear = 2099 }),
		`technology redis: "pkg:generic/redis" is there twice among its identifiers`: inRedis(func(redis *Technology) {
			redis.Identifiers.PURL = append(redis.Identifiers.PURL, "pkg:generic/redis")
		}),
	})
}

func TestRulesOfReleaseCyclesBite(t *testing.T) {
	inCycle := func(spoil func(cycle *ReleaseCycle)) spoiler {
		return inRedis(func(redis *Technology) { spoil(&redis.ReleaseCycles[0]) })
	}
	early, isOver := calendar.Day(5), true
	expectFaults(t, map[string]spoiler{
		`release cycle redis 8: it is there twice`: inRedis(func(redis *Technology) {
			redis.ReleaseCycles = append(redis.ReleaseCycles, redis.ReleaseCycles[0])
		}),
		`release cycle redis 8: release, active support, end of life and extended support are not in this order`: inCycle(
			func(cycle *ReleaseCycle) { cycle.ActiveSupportUntil = &early },
		),
		`release cycle redis 8: release, long-term support and end of life are not in this order`: inCycle(
			func(cycle *ReleaseCycle) { cycle.LongTermFrom = &early },
		),
		`release cycle redis 8: it is not long-term and has a day from which it is`: inCycle(
			func(cycle *ReleaseCycle) { cycle.IsLongTerm = false },
		),
		`release cycle redis 8: a phase has a day and a flag`: inCycle(func(cycle *ReleaseCycle) { cycle.IsEndOfLife = &isOver }),
		`release cycle redis 8: its latest version has a day but no name`: inCycle(
			func(cycle *ReleaseCycle) { cycle.LatestVersion = "" },
		),
		`release cycle redis 8 : its name is not one tidy line`: inRedis(func(redis *Technology) {
			redis.ReleaseCycles = append(redis.ReleaseCycles, redis.ReleaseCycles[0])
			redis.ReleaseCycles[1].Name = "8 "
		}),
		`release cycle redis 8: there is no source "x"`: inCycle(func(cycle *ReleaseCycle) { cycle.Source = "x" }),
	})
}
