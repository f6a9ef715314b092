package catalog

// textsComplete says that no text is missing any more, so that one that is missing is a fault.
const textsComplete = true

// checkComplete requires what a technology may lack only while the texts are being written.
func (v *validation) checkComplete() {
	for _, t := range v.Technologies {
		record := aTechnology + " " + t.Slug
		v.require(t.Description != "", record, "it has no description")
		v.require(len(t.Hosting) > 0, record, "it has no hosting")
		v.require(len(t.Capabilities) > 0, record, "it has no capabilities")
		v.require(len(t.Alternatives) >= 2, record, "it has %d alternatives, not at least 2", len(t.Alternatives))
	}
}
