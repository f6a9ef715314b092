package store

import (
	"context"
	"maps"
	"slices"

	"stackyard/ent"
	"stackyard/ent/versionrequirement"
	"stackyard/internal/catalog"
)

// seedRequirements writes anew what release cycles need, where that differs, and
// gives those cycles. The files alone know of requirements, so that theirs count
// also where a source has brought newer facts of the cycle itself.
func (s *seeder) seedRequirements(ctx context.Context, cycles map[string]int64) ([]int64, error) {
	want := map[int64][]catalog.Requirement{}
	for _, need := range s.files.Requirements {
		_, isThere := s.technologies[need.Requires] // or was deleted by a person
		if id, isKnown := cycles[need.Technology+"/"+need.ReleaseCycle]; isKnown && isThere {
			want[id] = append(want[id], need)
		}
	}
	rows, err := s.tx.VersionRequirement.Query().Where(among(versionrequirement.FieldReleaseCycleID, slices.Collect(maps.Values(cycles)))).
		Order(ent.Asc(versionrequirement.FieldReleaseCycleID, versionrequirement.FieldPosition)).All(ctx)
	if err != nil {
		return nil, err
	}
	have := map[int64][]*ent.VersionRequirement{}
	for _, row := range rows {
		have[row.ReleaseCycleID] = append(have[row.ReleaseCycleID], row)
	}
	var stale []int64
	for _, id := range cycles {
		if !slices.EqualFunc(have[id], want[id], s.isRequirement) {
			stale = append(stale, id)
		}
	}
	if _, err := s.tx.VersionRequirement.Delete().Where(among(versionrequirement.FieldReleaseCycleID, stale)).Exec(ctx); err != nil {
		return nil, err
	}
	var creates []*ent.VersionRequirementCreate
	for _, id := range stale {
		for i, need := range want[id] {
			c := s.tx.VersionRequirement.Create().SetReleaseCycleID(id).SetTechnologyID(s.technologies[need.Requires]).SetPosition(i).
				SetKind(need.Kind).SetVersions(orEmpty(need.Versions)).SetAsPublished(need.AsPublished)
			setOrClear(need.MinVersion, c.Mutation().SetMinVersion, c.Mutation().ClearMinVersion)
			setOrClear(need.MaxVersion, c.Mutation().SetMaxVersion, c.Mutation().ClearMaxVersion)
			creates = append(creates, c)
		}
	}
	return stale, inBulk(creates, func(c []*ent.VersionRequirementCreate) error {
		return s.tx.VersionRequirement.CreateBulk(c...).Exec(ctx)
	})
}

func (s *seeder) isRequirement(row *ent.VersionRequirement, need catalog.Requirement) bool {
	return row.TechnologyID == s.technologies[need.Requires] && row.Kind == need.Kind && row.AsPublished == need.AsPublished &&
		textOf(row.MinVersion) == need.MinVersion && textOf(row.MaxVersion) == need.MaxVersion && slices.Equal(row.Versions, need.Versions)
}

// textOf is a text that may be missing; then it is empty.
func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// union is all keys of two lists, each once.
func union(a, b []int64) []int64 {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
