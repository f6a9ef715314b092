package store

import (
	"context"
	"slices"

	"stackyard/ent/releasecycle"
	"stackyard/internal/version"
)

// seedLatest brings newer versions of release cycles. It leaves alone what a
// person has set, cycles whose facts are of a newer day, and those whose version is
// as new; source, day and digest stay those of the other reading.
func (s *seeder) seedLatest(ctx context.Context, reading Reading) error {
	for technology, latest := range reading.Latest {
		cycles, err := s.tx.ReleaseCycle.Query().Where(releasecycle.TechnologyID(s.technologies[technology])).All(ctx)
		if err != nil {
			return err
		}
		for _, c := range cycles {
			is, isThere := latest[c.Name]
			if !isThere || !isNewer(is.Version, c.LatestVersion) {
				continue
			}
			if c.AsOf > reading.AsOf || slices.Contains(c.EditedFields, releasecycle.FieldLatestVersion) ||
				slices.Contains(c.EditedFields, releasecycle.FieldLatestReleasedOn) {
				s.report.Kept++
				continue
			}
			update := s.tx.ReleaseCycle.UpdateOneID(c.ID).SetLatestVersion(is.Version).SetLatestReleasedOn(is.ReleasedOn).AddRevision(1)
			if err := update.Exec(ctx); err != nil {
				return err
			}
			s.report.Updated++
		}
	}
	return nil
}

// isNewer says whether a version is newer than the one that is known, if any is,
// as vendors order their versions; of what cannot be ordered it is not.
func isNewer(text string, known *string) bool {
	if known == nil {
		return true
	}
	have, err := version.Vendor.Parse(*known)
	if err != nil {
		return false
	}
	is, err := version.Vendor.Parse(text)
	return err == nil && have.Compare(is) < 0
}
