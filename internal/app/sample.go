package app

import (
	"context"
	"errors"
	"fmt"

	"stackyard/ent/setting"
	"stackyard/ent/user"
	"stackyard/internal/auth"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
)

// settingSample says that the sample organisation was made once; whoever deletes it is rid of it.
const settingSample = "sample"

// sampleRoles are the development users who are members of the sample organisation.
var sampleRoles = []struct {
	user string
	role enum.OrganizationRole
}{
	{"mel", enum.RoleMaintainer}, {"eve", enum.RoleEditor}, {"vic", enum.RoleViewer},
}

// Sample makes, once, an organisation to try things with: acme, with the
// development users as members, and projects with stacks as one meets them. All
// of it is one transaction, so that there is never half of it.
func (a *App) Sample(ctx context.Context) error {
	made, err := a.db.Read().Setting.Query().Where(setting.Name(settingSample)).Exist(ctx)
	if err != nil || made {
		return err
	}
	owner, err := sampleViewer("ada")
	if err != nil {
		return err
	}
	for _, name := range auth.DevUserNames() {
		v, err := sampleViewer(name)
		if err == nil {
			_, err = a.identify(ctx, v)
		}
		if err != nil {
			return fmt.Errorf("making the sample user %s: %w", name, err)
		}
	}
	_, err = a.run(ctx, Caller{Viewer: owner}, "sample", func(ctx context.Context, w *work) (relay.ID, error) {
		made, err := w.Setting.Query().Where(setting.Name(settingSample)).Exist(ctx) // by another instance, meanwhile
		if err != nil || made {
			return relay.ID{}, err
		}
		acme, err := w.foundOrganization(ctx, CreateOrganizationInput{Slug: "acme", Name: "Acme"})
		_, isRefused := errors.AsType[UserErrors](err) // somebody has an acme of their own
		if err == nil {
			err = w.fillSample(ctx, acme)
		}
		if err != nil && !isRefused {
			return relay.ID{}, err
		}
		return acme, w.Setting.Create().SetName(settingSample).SetValue("made").Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("making the sample organisation: %w", err)
	}
	return nil
}

// fillSample gives the sample organisation its members and projects.
func (w *work) fillSample(ctx context.Context, acme relay.ID) error {
	if err := w.joinSample(ctx, acme); err != nil {
		return fmt.Errorf("making the sample members: %w", err)
	}
	for _, p := range sampleProjects() {
		p.OrganizationID = acme
		if _, err := w.addProject(ctx, p); err != nil {
			return fmt.Errorf("making the sample project %s: %w", p.Slug, err)
		}
	}
	return nil
}

func sampleViewer(name string) (*auth.Viewer, error) {
	u, err := auth.DevUserOf(name)
	if err != nil {
		return nil, err
	}
	return &auth.Viewer{Issuer: auth.DevIssuerName, Subject: u.Subject, Name: u.Name, Email: u.Email, IsEmailVerified: true}, nil
}

// joinSample makes the development users members; elsewhere only an invitation does.
func (w *work) joinSample(ctx context.Context, organization relay.ID) error {
	for _, m := range sampleRoles {
		id, err := w.User.Query().Where(user.Issuer(auth.DevIssuerName), user.Subject(m.user)).OnlyID(ctx)
		if err != nil {
			return err
		}
		err = w.Member.Create().SetOrganizationID(organization.Key).SetUserID(id).SetRole(m.role).SetSince(w.now).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// sampleProjects are four, from well kept to neglected.
func sampleProjects() []CreateProjectInput {
	runs := func(pairs ...string) []*StackComponentInput {
		var out []*StackComponentInput
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, &StackComponentInput{Technology: pairs[i], Version: &pairs[i+1]})
		}
		return out
	}
	return []CreateProjectInput{
		{
			Slug: "storefront", Name: "Storefront", Description: ptr("The shop that customers see."), Team: ptr("Shop"),
			Visibility: enum.VisibilityPublic, UseCase: ptr("small-medium-web"), Traffic: ptr(enum.TrafficModerate),
			HasUserAccounts: ptr(true), IsInternetFacing: ptr(true), MonthlyCost: &MoneyInput{Amount: 420, Currency: "EUR"},
			Stack: runs("nodejs", "24.9.0", "nestjs", "11.1.0", "postgresql", "17.5", "valkey", "8.1.3", "keycloak", "26.7.0", "nginx", "1.30.0"),
		},
		{
			Slug: "orders", Name: "Orders", Description: ptr("Takes orders and sees them through."), Team: ptr("Fulfilment"),
			Visibility: enum.VisibilityPrivate, UseCase: ptr("enterprise-high-traffic"), Traffic: ptr(enum.TrafficHigh),
			HasUserAccounts: ptr(false), IsInternetFacing: ptr(false), MonthlyCost: &MoneyInput{Amount: 2600, Currency: "EUR"},
			Stack: runs("java", "21.0.4", "spring-boot", "3.4.2", "kafka", "4.1.0", "postgresql", "16.4", "kubernetes", "1.34.1", "prometheus", "3.5.0"),
		},
		{
			Slug: "partner-api", Name: "Partner API", Description: ptr("What partners build on."), Team: ptr("Platform"),
			Visibility: enum.VisibilityPublic, UseCase: ptr("api-first"), Traffic: ptr(enum.TrafficModerate),
			HasUserAccounts: ptr(true), IsInternetFacing: ptr(true), MonthlyCost: &MoneyInput{Amount: 310, Currency: "EUR"},
			Stack: runs("go", "1.26.0", "gqlgen", "0.17.98", "postgresql", "17.5", "redis", "7.2.5"),
		},
		{
			Slug: "old-intranet", Name: "Old intranet", Description: ptr("Runs since anyone can remember."), Team: ptr("Office"),
			Visibility: enum.VisibilityPrivate, UseCase: ptr("small-medium-web"), Traffic: ptr(enum.TrafficLow),
			HasUserAccounts: ptr(true), IsInternetFacing: ptr(true),
			Stack: runs("php", "7.4.33", "laravel", "8.83.27", "mysql", "5.7.44", "apache-http-server", "2.4.58"),
		},
	}
}

func ptr[T any](v T) *T { return &v }
