package app

import (
	"context"
	"errors"
	"fmt"

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

// ImportSBOM replaces a project's stack by those components of a document that are recognised. What is still in
// it stays the component that it was, with its id and what is noted about it. What was done before under the same
// key gives no import.
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
		l, err := readListed(ctx, w.Client(), doc.Components)
		if err != nil {
			return relay.ID{}, nil, err
		}
		if len(l.parts) > w.limits.StackComponents {
			return relay.ID{}, nil, wrong("file", enum.InputLimitReached,
				"the catalogue knows %d of its components, and a project has no more than %d (--max-stack-components)", len(l.parts), w.limits.StackComponents)
		}
		was, err := w.stack(ctx, p)
		if err != nil {
			return relay.ID{}, nil, err
		}
		keepNotes(was, l.parts)
		done := &Import{Components: len(doc.Components), Recognized: len(doc.Components) - len(l.unrecognized), Unrecognized: l.unrecognized}
		return p.GlobalID(), done, w.setStack(ctx, p, was, l.parts)
	})
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

// keepNotes lets components that stay keep what people noted about them.
func keepNotes(was []*ent.StackComponent, parts []component) {
	for i, old := range pair(was, parts) {
		if old != nil {
			parts[i].ring, parts[i].note = old.Ring, old.Note
		}
	}
}
