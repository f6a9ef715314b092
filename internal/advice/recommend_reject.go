package advice

import (
	"fmt"
	"slices"

	"stackyard/internal/enum"
)

// allowed gives the options of a technology in a category, or the requirement that rules it out.
func (c *chooser) allowed(t *Technology, category string) ([]*option, string) {
	if slices.Contains(c.MustNotUse, t.Slug) {
		return nil, "`mustNotUse` names it."
	}
	if c.AllowedLicenses != nil && t.License != "" && !allows(c.AllowedLicenses, t.License) {
		return nil, fmt.Sprintf("`allowedLicenses`: it is under %s.", t.License)
	}
	if c.AllowedLicenses != nil && t.License == "" && !t.isManagedOnly() {
		return nil, "`allowedLicenses`: its licence is not known."
	}
	if reason := c.misplaced(t, category); reason != "" {
		return nil, reason
	}
	if reason := c.unprotected(t, category); reason != "" {
		return nil, reason
	}
	if t.has("embedded-database") && !keepsData(t) && (c.Traffic == enum.TrafficHigh || c.Growth == enum.GrowthExplosive) {
		return nil, "`traffic`: it runs inside one process of the application."
	}
	return c.clean(t)
}

// misplaced says why a technology cannot be hosted as required. What runs inside the application is hosted with it.
func (c *chooser) misplaced(t *Technology, category string) string {
	hasDisk := func(h enum.Hosting) bool { return h == enum.HostingSelfHosted || h == enum.HostingEmbedded }
	if c.Hosting != nil && t.has("embedded-database") && !keepsData(t) && !slices.ContainsFunc(c.Hosting, hasDisk) {
		return "`hosting`: it keeps its data in a file beside the application, which has no disk of its own there."
	}
	isWithin := category == languagesCategory || category == frameworkCategory || slices.Contains(t.Hosting, enum.HostingEmbedded)
	if c.Hosting == nil || isWithin || len(t.Hosting) == 0 ||
		slices.ContainsFunc(t.Hosting, func(h enum.Hosting) bool { return slices.Contains(c.Hosting, h) }) {
		return ""
	}
	return fmt.Sprintf("`hosting`: it is %s only.", inWords(t.Hosting))
}

// needed are the capabilities that meet a need, by the category whose part it is.
var needed = []struct {
	need       enum.SecurityNeed
	category   string
	capability string
}{
	{enum.NeedSingleSignOn, securityCategory, "single-sign-on"},
	{enum.NeedMultiFactor, securityCategory, "multi-factor-authentication"},
	{enum.NeedFineGrainedAccess, securityCategory, "fine-grained-access"},
	{enum.NeedAuditTrail, securityCategory, "audit-trail"},
	{enum.NeedEncryptionAtRest, databaseCategory, "encryption-at-rest"},
}

// unprotected says which need a technology does not meet.
func (c *chooser) unprotected(t *Technology, category string) string {
	for _, n := range needed {
		isAsked := slices.Contains(c.needs, n.need) && n.category == category && (category != securityCategory || c.HasUserAccounts)
		if isAsked && !t.has(n.capability) {
			return fmt.Sprintf("%s: it has no %s.", c.because(n.need), words(n.capability))
		}
	}
	if slices.Contains(c.needs, enum.NeedDataResidency) && t.isManagedOnly() && !t.has("data-residency") {
		return fmt.Sprintf("%s: its provider runs it, and is not known to let the region be chosen.", c.because(enum.NeedDataResidency))
	}
	return ""
}

// because names the requirement that a need comes from.
func (c *chooser) because(need enum.SecurityNeed) string {
	if slices.Contains(c.Security, need) {
		return fmt.Sprintf("`security` %s", need)
	}
	for _, law := range c.Compliance {
		if slices.Contains(complianceNeeds[law], need) {
			return fmt.Sprintf("`compliance` %s (%s)", law, need)
		}
	}
	return string(need)
}
