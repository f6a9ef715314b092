package loader_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/relay"
	"stackyard/internal/store/storetest"
)

// entities are all that have a global id, each with key 1.
var entities = []loader.Node{
	&ent.Organization{}, &ent.Member{}, &ent.Invitation{}, &ent.Project{}, &ent.StackComponent{}, &ent.Finding{}, &ent.Webhook{},
	&ent.Category{ID: 1}, &ent.UseCase{ID: 1}, &ent.Criterion{ID: 1}, &ent.Mistake{ID: 1}, &ent.Technology{ID: 1}, &ent.ReleaseCycle{ID: 1},
	&ent.Advisory{ID: 1}, &ent.Integration{ID: 1}, &ent.Tool{ID: 1}, &ent.Source{ID: 1}, &ent.User{ID: 1}, &ent.Review{ID: 1},
}

func TestEveryTypeOfAnIDIsThatOfOneEntity(t *testing.T) {
	t.Parallel()
	var used []relay.Type
	for _, e := range entities {
		used = append(used, e.GlobalID().Type)
	}
	slices.Sort(used)
	var known []relay.Type
	for b := range math.MaxUint8 + 1 {
		id := relay.ID{Type: relay.Type(b), Key: 1}
		if _, err := relay.ParseID(id.String()); err == nil {
			known = append(known, id.Type)
		}
	}
	if !slices.Equal(used, known) {
		t.Errorf("entities use the types %v; ids have the types %v", used, known)
	}
}

func TestANodeIsOfTheTypeAndKeyThatItsIDSays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Seeded(t, dialect)
		for _, e := range entities {
			id := e.GlobalID()
			got, err := loader.New(db, today, limits, nil, loader.Nobody).Node(t.Context(), id)
			switch id.Type {
			case relay.TypeUser, relay.TypeReview, relay.TypeIntegration, // the catalogue may hold none
				relay.TypeOrganization, relay.TypeMember, relay.TypeInvitation, relay.TypeProject, relay.TypeStackComponent,
				relay.TypeFinding, relay.TypeWebhook:
				if err != nil && !errors.Is(err, loader.ErrNotFound) {
					t.Errorf("%T: %v", e, err)
				}
				continue
			}
			if err != nil || got.GlobalID() != id {
				t.Errorf("%T is %v, %v", e, got, err)
			}
			absent := relay.ID{Type: id.Type, Key: math.MaxInt64}
			if _, err := loader.New(db, today, limits, nil, loader.Nobody).Node(t.Context(), absent); !errors.Is(err, loader.ErrNotFound) {
				t.Errorf("a %T that is not there: %v", e, err)
			}
		}
	})
}
