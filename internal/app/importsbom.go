package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"stackyard/ent"
	"stackyard/ent/project"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/source/sbom"
)

// Import is what became of the components of a document.
type Import struct {
	Components   int
	Recognized   int
	Unrecognized []*UnrecognizedComponent
}

// UnrecognizedComponent is a component that is not in the stack, and why not.
type UnrecognizedComponent struct {
	Name    string
	Version *string
	PURL    *string
	Reason  string
}

// ImportSBOM makes those components of a document that are recognised the project's stack, beside what was entered
// without a package and is of no technology among them: documents of packages do not list servers. What is still in
// it stays the component that it was, with its id and what is noted about it. A document of which nothing is recognised
// is refused, with an import that says so. What was done before under the same key gives no import.
func (a *App) ImportSBOM(ctx context.Context, by Caller, in ImportSBOMInput) (relay.ID, *Import, error) {
	if err := a.mayEdit(ctx, by, in.ProjectID); err != nil {
		return relay.ID{}, nil, err
	}
	doc, err := sbom.Read(in.File.Bytes(), a.limits.SBOM)
	if err != nil {
		return relay.ID{}, nil, unread(err)
	}
	return runShowing(ctx, a, by, "importSbom", func(ctx context.Context, w *work) (relay.ID, *Import, error) {
		p, err := w.project(ctx, in.ProjectID, enum.RoleEditor)
		if err != nil {
			return relay.ID{}, nil, err
		}
		var f faults
		if f.revision(in.ExpectedRevision, p.Revision); f.err() != nil {
			return relay.ID{}, nil, f.err()
		}
		l, err := readListed(ctx, w.Client(), doc.Components)
		if err != nil {
			return relay.ID{}, nil, err
		}
		done := &Import{Components: len(doc.Components), Recognized: len(doc.Components) - len(l.unrecognized), Unrecognized: l.unrecognized}
		if len(l.parts) == 0 {
			return relay.ID{}, done, wrong("file", enum.InputInvalid, "the catalogue knows none of the components that it lists (%d), so nothing was changed", done.Components)
		}
		was, err := w.stack(ctx, p)
		if err != nil {
			return relay.ID{}, nil, err
		}
		beside := keep(was, l.parts)
		if len(beside)+len(l.parts) > w.limits.StackComponents {
			return relay.ID{}, nil, wrong("file", enum.InputLimitReached,
				"the catalogue knows %d of its components, beside which %d stay, and a project has no more than %d (--max-stack-components)",
				len(l.parts), len(beside), w.limits.StackComponents)
		}
		return p.GlobalID(), done, w.setStack(ctx, p, was, append(beside, l.parts...))
	})
}

// keep lets the components of a stack that a document lists keep what people noted about them, and gives those that stay
// beside what it lists: those without a package, of technologies that it does not have.
func keep(was []*ent.StackComponent, listed []component) (beside []component) {
	kept := pair(was, listed)
	isListed := make(map[int64]bool, len(listed))
	for i, old := range kept {
		isListed[*listed[i].technology] = true
		if old != nil {
			listed[i].ring, listed[i].note = old.Ring, old.Note
		}
	}
	for _, old := range was {
		if old.Purl == nil && !isListed[orNone(old.TechnologyID)] && !slices.Contains(kept, old) {
			beside = append(beside, componentOf(old))
		}
	}
	return beside
}

// mayEdit refuses whoever may not edit the project, before anything is read for them that takes time and memory.
// The transaction decides again.
func (a *App) mayEdit(ctx context.Context, by Caller, id relay.ID) error {
	const field = "projectId"
	reader, err := a.Reader(ctx, by.Viewer)
	if err != nil {
		return err
	}
	if id.Type != relay.TypeProject {
		return notFound(field)
	}
	p, err := a.db.Read().Project.Query().Where(project.ID(id.Key), seen(reader.Projects)).Select(project.FieldOrganizationID).Only(ctx)
	if ent.IsNotFound(err) {
		return notFound(field)
	}
	if err != nil {
		return fmt.Errorf("finding a project: %w", err)
	}
	if !reader.Role(p.OrganizationID).Includes(enum.RoleEditor) {
		return forbidden(enum.RoleEditor)
	}
	return nil
}

// unread is the fault of a document that cannot be read.
func unread(err error) error {
	problem, isOurs := errors.AsType[*sbom.Error](err)
	if !isOurs {
		return err
	}
	code := enum.InputInvalid
	if problem.IsLimit {
		code = enum.InputLimitReached
	}
	return wrong("file", code, "%s", problem.Message)
}
