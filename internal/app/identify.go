package app

import (
	"context"
	"fmt"
	"sync"

	"stackyard/ent"
	"stackyard/ent/member"
	"stackyard/ent/user"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/store"
)

// Reader gives what a viewer may see. A user is made of a token when it is used
// for the first time, and follows what later tokens say.
func (a *App) Reader(ctx context.Context, v *auth.Viewer) (*store.Reader, error) {
	if v == nil {
		return &store.Reader{At: calendar.InstantOf(a.now())}, nil
	}
	id, err := a.identify(ctx, v)
	if err != nil {
		return nil, err
	}
	return a.readerOf(ctx, v, id, a.db.Read().Member.Query())
}

// readerOf gives what a viewer may see, with the roles among the members.
func (a *App) readerOf(ctx context.Context, v *auth.Viewer, id int64, among *ent.MemberQuery) (*store.Reader, error) {
	r := &store.Reader{
		User: id, EmailKey: auth.EmailKey(v.VerifiedEmail()), IsModerator: v.HasScope(auth.ScopeReviewsModerate),
		Roles: map[int64]enum.OrganizationRole{}, At: calendar.InstantOf(a.now()),
	}
	members, err := among.Where(member.UserID(id)).Select(member.FieldOrganizationID, member.FieldRole).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the viewer's roles: %w", err)
	}
	for _, m := range members {
		r.Roles[m.OrganizationID] = m.Role
	}
	return r, nil
}

// identify gives the key of the viewer's user.
func (a *App) identify(ctx context.Context, v *auth.Viewer) (int64, error) {
	known, isOnce := ctx.Value(identifiedKey{}).(*identified)
	if !isOnce {
		return a.followToken(ctx, v)
	}
	known.mu.Lock()
	defer known.mu.Unlock()
	if known.user != 0 {
		return known.user, nil
	}
	user, err := a.followToken(ctx, v)
	known.user = user
	return user, err
}

// identified is the user of the viewer whose stream it is; 0 until it is asked for.
type identified struct {
	mu   sync.Mutex
	user int64
}

type identifiedKey struct{}

// IdentifyOnce lets all that one viewer does under the context ask for their user
// once, such as all events of a stream.
func IdentifyOnce(ctx context.Context) context.Context {
	return context.WithValue(ctx, identifiedKey{}, &identified{})
}

// followToken gives the key of the viewer's user, and lets the user follow what the token says.
func (a *App) followToken(ctx context.Context, v *auth.Viewer) (int64, error) {
	u, err := a.db.Read().User.Query().Where(user.Issuer(v.Issuer), user.Subject(v.Subject)).Only(ctx)
	if err == nil && !isNews(u, v) {
		return u.ID, nil
	}
	if err != nil && !ent.IsNotFound(err) {
		return 0, fmt.Errorf("reading the viewer: %w", err)
	}
	now := a.now()
	var id int64
	err = a.db.Write(ctx, store.Cause{At: now}, func(ctx context.Context, tx *ent.Tx) error {
		id, err = a.register(ctx, tx, v, calendar.InstantOf(now))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("registering the viewer: %w", err)
	}
	return id, nil
}

// register makes the user, or lets it follow the token.
func (a *App) register(ctx context.Context, tx *ent.Tx, v *auth.Viewer, now calendar.Instant) (int64, error) {
	u, err := tx.User.Query().Where(user.Issuer(v.Issuer), user.Subject(v.Subject), store.Counted).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		u, err = tx.User.Create().SetIssuer(v.Issuer).SetSubject(v.Subject).SetName(nameOf(v)).
			SetNillableAvatar(given(v.Picture)).SetNillableEmail(given(v.Email)).SetNillableTokenIssuedAt(issuedAt(v)).
			SetCreatedAt(now).Save(ctx)
	case err == nil && isNews(u, v):
		update := u.Update().SetName(nameOf(v)).SetNillableTokenIssuedAt(issuedAt(v))
		set(v.Picture, update.SetAvatar, update.ClearAvatar)
		set(v.Email, update.SetEmail, update.ClearEmail)
		u, err = update.Save(ctx)
	}
	if err != nil {
		return 0, err
	}
	return u.ID, nil
}

// isNews says whether the token says something else of the user than the one that
// was followed last, and is later. Of two tokens that are in use at the same time
// only one is followed then, and not each at every request.
func isNews(u *ent.User, v *auth.Viewer) bool {
	if u.Name == nameOf(v) && orEmpty(u.Avatar) == v.Picture && orEmpty(u.Email) == v.Email {
		return false
	}
	is := issuedAt(v)
	return is != nil && (u.TokenIssuedAt == nil || *is > *u.TokenIssuedAt)
}

// issuedAt is nil where the token does not say.
func issuedAt(v *auth.Viewer) *calendar.Instant {
	if v.IssuedAt.IsZero() {
		return nil
	}
	at := calendar.InstantOf(v.IssuedAt)
	return &at
}

// nameOf never gives away an address or a subject: who has no name is nobody in particular.
func nameOf(v *auth.Viewer) string {
	if v.Name == "" {
		return "Anonymous"
	}
	return v.Name
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func set[U any](value string, set func(string) U, clear func() U) {
	if value == "" {
		clear()
		return
	}
	set(value)
}
