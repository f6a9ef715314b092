package app

import (
	"context"
	"fmt"

	"stackyard/ent/finding"
	"stackyard/ent/project"
	"stackyard/ent/stackcomponent"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
)

// CreateProject registers what an organisation runs.
func (a *App) CreateProject(ctx context.Context, by Caller, in CreateProjectInput) (relay.ID, error) {
	return a.run(ctx, by, "createProject", func(ctx context.Context, w *work) (relay.ID, error) { return w.addProject(ctx, in) })
}

// addProject makes a project with its stack.
func (w *work) addProject(ctx context.Context, in CreateProjectInput) (relay.ID, error) {
	o, err := w.organization(ctx, "organizationId", in.OrganizationID, enum.RoleMaintainer)
	if err != nil {
		return relay.ID{}, err
	}
	var f faults
	is := f.newProject(in)
	is.useCase, err = w.useCase(ctx, &f, in.UseCase)
	if err != nil {
		return relay.ID{}, err
	}
	if err := w.takeProjectSlug(ctx, &f, o.ID, is.slug, ""); err != nil {
		return relay.ID{}, err
	}
	if err := w.oneMoreProject(ctx, &f, o.ID); err != nil {
		return relay.ID{}, err
	}
	parts, err := w.components(ctx, &f, "stack", entriesOf(in.Stack))
	if err != nil {
		return relay.ID{}, err
	}
	if err := f.err(); err != nil {
		return relay.ID{}, err
	}
	create := w.Project.Create().SetOrganizationID(o.ID).SetCreatedAt(w.now).SetUpdatedAt(w.now)
	is.write(create.Mutation())
	p, err := create.Save(ctx)
	if err != nil {
		return relay.ID{}, err
	}
	if err := w.addComponents(ctx, p, parts); err != nil {
		return relay.ID{}, err
	}
	return p.GlobalID(), w.check(ctx, o.ID, p.ID)
}

// UpdateProject changes what it is told to of a project. Costs are for
// maintainers: an editor who gives them changes nothing.
func (a *App) UpdateProject(ctx context.Context, by Caller, in UpdateProjectInput) (relay.ID, error) {
	return a.run(ctx, by, "updateProject", func(ctx context.Context, w *work) (relay.ID, error) {
		p, err := w.project(ctx, in.ProjectID, enum.RoleEditor)
		if err != nil {
			return relay.ID{}, err
		}
		var f faults
		f.revision(in.ExpectedRevision, p.Revision)
		if in.MonthlyCost.IsSet() && !w.reader.Role(p.OrganizationID).Includes(enum.RoleMaintainer) {
			f.add(at("monthlyCost"), enum.InputNotAllowed, "this takes the role %s in the organisation", enum.RoleMaintainer)
		}
		was := factsOf(p)
		is := f.changedProject(was, in)
		if in.UseCase.IsSet() {
			if is.useCase, err = w.useCase(ctx, &f, in.UseCase.Value()); err != nil {
				return relay.ID{}, err
			}
		}
		if err := w.takeProjectSlug(ctx, &f, p.OrganizationID, is.slug, p.Slug); err != nil {
			return relay.ID{}, err
		}
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		if is.equals(was) {
			return p.GlobalID(), nil
		}
		update := p.Update().AddRevision(1).SetUpdatedAt(w.now)
		is.write(update.Mutation())
		if err := update.Exec(ctx); err != nil {
			return relay.ID{}, err
		}
		return p.GlobalID(), w.check(ctx, p.OrganizationID, p.ID)
	})
}

// DeleteProject deletes a project with its stack.
func (a *App) DeleteProject(ctx context.Context, by Caller, in DeleteProjectInput) (relay.ID, error) {
	return a.run(ctx, by, "deleteProject", func(ctx context.Context, w *work) (relay.ID, error) {
		p, err := w.project(ctx, in.ProjectID, enum.RoleMaintainer)
		if err != nil {
			return relay.ID{}, err
		}
		if _, err := w.Finding.Delete().Where(finding.ProjectID(p.ID)).Exec(ctx); err != nil {
			return relay.ID{}, fmt.Errorf("deleting its findings: %w", err)
		}
		if _, err := w.StackComponent.Delete().Where(stackcomponent.ProjectID(p.ID)).Exec(ctx); err != nil {
			return relay.ID{}, fmt.Errorf("deleting its stack: %w", err)
		}
		return p.GlobalID(), w.Project.DeleteOne(p).Exec(ctx)
	})
}

// takeProjectSlug says whether a slug that is not the project's own is still to be had.
func (w *work) takeProjectSlug(ctx context.Context, f *faults, of int64, slug, own string) error {
	if slug == "" || slug == own {
		return nil
	}
	isTaken, err := w.Project.Query().Where(project.OrganizationID(of), project.Slug(slug)).Exist(ctx)
	if isTaken {
		f.add(at("slug"), enum.InputTaken, "another project of the organisation has it")
	}
	return err
}

// oneMoreProject says whether an organisation may have another project.
func (w *work) oneMoreProject(ctx context.Context, f *faults, of int64) error {
	n, err := w.Project.Query().Where(project.OrganizationID(of)).Count(ctx)
	if n >= w.limits.Projects {
		f.add(at("organizationId"), enum.InputLimitReached, "an organisation has no more than %d projects (--max-projects)", w.limits.Projects)
	}
	return err
}
