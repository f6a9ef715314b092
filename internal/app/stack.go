package app

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/stackcomponent"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// SetStack replaces a project's stack. What is still in it stays the component
// that it was, with its id.
func (a *App) SetStack(ctx context.Context, by Caller, in SetStackInput) (relay.ID, error) {
	return a.run(ctx, by, "setStack", func(ctx context.Context, w *work) (relay.ID, error) {
		p, err := w.project(ctx, in.ProjectID, enum.RoleEditor)
		if err != nil {
			return relay.ID{}, err
		}
		var f faults
		f.revision(in.ExpectedRevision, p.Revision)
		parts, err := w.components(ctx, &f, "components", in.Components)
		if err != nil {
			return relay.ID{}, err
		}
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		was, err := w.stack(ctx, p)
		if err != nil {
			return relay.ID{}, err
		}
		return p.GlobalID(), w.setStack(ctx, p, was, parts)
	})
}

// stack gives the components of a project, in their order.
func (w *work) stack(ctx context.Context, p *ent.Project) ([]*ent.StackComponent, error) {
	was, err := w.StackComponent.Query().Where(stackcomponent.ProjectID(p.ID)).
		Order(ent.Asc(stackcomponent.FieldPosition, stackcomponent.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading a stack: %w", err)
	}
	return was, nil
}

// setStack makes the stack what it is to be; the project has changed with it.
func (w *work) setStack(ctx context.Context, p *ent.Project, was []*ent.StackComponent, parts []component) error {
	hasChanged, err := w.replace(ctx, p, was, parts)
	if err != nil || !hasChanged {
		return err
	}
	if err := p.Update().AddRevision(1).SetUpdatedAt(w.now).Exec(ctx); err != nil {
		return err
	}
	return w.check(ctx, p.OrganizationID, p.ID)
}

// replace makes the stack what it is to be, and says whether it was something else.
func (w *work) replace(ctx context.Context, p *ent.Project, was []*ent.StackComponent, parts []component) (hasChanged bool, err error) {
	facts, err := w.known(ctx)
	if err != nil {
		return false, err
	}
	kept, positions := pair(was, parts), positionsOf(parts)
	moved := map[int][]int64{} // by how far
	var added []*ent.StackComponentCreate
	for i, c := range parts {
		old := kept[i]
		switch {
		case old == nil:
			added = append(added, w.newComponent(facts, p, c, positions[i]))
		case !c.equals(componentOf(old)):
			update := old.Update().SetPosition(positions[i])
			c.write(update.Mutation())
			setSome(installedCycle(facts, c), update.Mutation().SetReleaseCycleID, update.Mutation().ClearReleaseCycleID)
			if err := update.Exec(ctx); err != nil {
				return false, fmt.Errorf("changing a component: %w", err)
			}
			hasChanged = true
		case old.Position != positions[i]:
			by := positions[i] - old.Position
			moved[by] = append(moved[by], old.ID)
		}
	}
	var gone []int64
	for _, old := range was {
		if !slices.Contains(kept, old) {
			gone = append(gone, old.ID)
		}
	}
	if len(gone) > 0 {
		if _, err := w.StackComponent.Delete().Where(among(gone)).Exec(ctx); err != nil {
			return false, fmt.Errorf("deleting components: %w", err)
		}
	}
	for _, by := range slices.Sorted(maps.Keys(moved)) {
		if err := w.StackComponent.Update().Where(among(moved[by])).AddPosition(by).Exec(ctx); err != nil {
			return false, fmt.Errorf("moving components: %w", err)
		}
	}
	return hasChanged || len(gone)+len(moved)+len(added) > 0, w.add(ctx, added)
}

// among is the condition that a row has one of the keys.
func among(ids []int64) func(*sql.Selector) { return oneOf("id", ids) }

// oneOf is the condition that a column holds one of the keys.
func oneOf(column string, keys []int64) func(*sql.Selector) {
	return func(s *sql.Selector) { s.Where(store.In(s.C(column), keys)) }
}

// addedAtOnce bounds the parameters of a statement.
const addedAtOnce = 500

func (w *work) add(ctx context.Context, components []*ent.StackComponentCreate) error {
	for some := range slices.Chunk(components, addedAtOnce) {
		if err := w.StackComponent.CreateBulk(some...).Exec(ctx); err != nil {
			return fmt.Errorf("adding components: %w", err)
		}
	}
	return nil
}

// addComponents writes the stack of a new project.
func (w *work) addComponents(ctx context.Context, p *ent.Project, parts []component) error {
	facts, err := w.known(ctx)
	if err != nil {
		return err
	}
	added, positions := make([]*ent.StackComponentCreate, len(parts)), positionsOf(parts)
	for i, c := range parts {
		added[i] = w.newComponent(facts, p, c, positions[i])
	}
	return w.add(ctx, added)
}

// positionsOf says where each part of a stack stands. Those that the catalogue knows
// are numbered among themselves: visitors see them alone, and the cursors of their
// places must not change with what stands between them.
func positionsOf(parts []component) []int {
	const apart = 1 << 20
	out, known, position := make([]int, len(parts)), 0, 0
	for i, c := range parts {
		position++
		if c.technology != nil {
			known++
			position = known * apart
		}
		out[i] = position
	}
	return out
}

func (w *work) newComponent(facts *store.Facts, p *ent.Project, c component, position int) *ent.StackComponentCreate {
	create := w.StackComponent.Create().SetProjectID(p.ID).SetOrganizationID(p.OrganizationID).SetPosition(position)
	c.write(create.Mutation())
	create.SetNillableReleaseCycleID(installedCycle(facts, c))
	return create
}

// pair finds, for each part of a stack, the component that it was before; nil for
// what is new. The same package of a technology is the same component: the one
// with the same version before any other, then in their order. So is what was
// given by the same name before the catalogue knew it, and then what was given
// without a package and is now of one of the same technology.
func pair(was []*ent.StackComponent, parts []component) []*ent.StackComponent {
	kept := make([]*ent.StackComponent, len(parts))
	isTaken := make(map[int64]bool, len(was))
	exact := func(c component) any { return [2]any{c.identity(), c.version} }
	same := func(c component) any { return c.identity() }
	given := func(c component) any { return c.givenAs() }
	versioned := func(c component) any { return [2]any{orNone(c.technology), c.version} }
	loose := func(c component) any { return orNone(c.technology) }
	for _, sameness := range []struct {
		of func(component) any
		// isLoose compares what was given without a package with what has one.
		isLoose bool
	}{{exact, false}, {same, false}, {given, false}, {versioned, true}, {loose, true}} {
		free := map[any][]*ent.StackComponent{}
		for _, old := range was {
			if !isTaken[old.ID] && (!sameness.isLoose || old.Purl == nil && old.TechnologyID != nil) {
				key := sameness.of(componentOf(old))
				free[key] = append(free[key], old)
			}
		}
		for i, c := range parts {
			key := sameness.of(c)
			if kept[i] != nil || len(free[key]) == 0 {
				continue
			}
			kept[i], free[key] = free[key][0], free[key][1:]
			isTaken[kept[i].ID] = true
		}
	}
	return kept
}
