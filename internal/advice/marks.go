package advice

// What counts in full.
const (
	fullAreas       = 6       // areas of integration
	fullYears       = 10      // since the first release
	fullTies        = 15      // technologies and tools that work with it
	fullSupportDays = 3 * 365 // of support for a release cycle
	recentYears     = 2       // of advisories
	enoughReviews   = 3
	allUseCases     = 3
)

// marks are those on the criteria of the catalogue, in its order.
var marks = []mark{
	{
		"project-requirements",
		"It suits many kinds of projects, does much of what they need by itself, and goes with the rest.",
		[]fact{useCasesNamed, capabilitiesThere, areasTied},
	},
	{
		"scalability",
		"It serves more load by more nodes, processors or instances, by means of its own or of those who run it.",
		[]fact{namedForLoad, meansOfItsOwn, scalesByItself},
	},
	{
		"team-expertise",
		"People who know it can be found, it leaves them little to operate, and it does not force them to move often.",
		[]fact{knownForLong, builtFor, documented, leftToOthers, usedFrom, supportedLong(20), liked},
	},
	{
		"security",
		"It gets security fixes, and for long; known flaws are mended in the newest release; it brings the protection that its kind of software needs.",
		[]fact{maintained, flawsMended, supportedLong(15), policyPublished, protects},
	},
}
