package auth

// Preset names a kind of provider whose habits are known.
type Preset string

// The presets. The empty one reads the claims that OpenID Connect names, and `scope`.
const (
	PresetNone     Preset = ""
	PresetAuth0    Preset = "auth0"
	PresetCognito  Preset = "cognito"
	PresetEntra    Preset = "entra"
	PresetGoogle   Preset = "google"
	PresetKeycloak Preset = "keycloak"
	PresetZitadel  Preset = "zitadel"
)

func presets() []Preset {
	return []Preset{PresetNone, PresetAuth0, PresetCognito, PresetEntra, PresetGoogle, PresetKeycloak, PresetZitadel}
}

// issuer gives what the preset fills in. An unknown one fills in what none does; checks refuse it.
func (p Preset) issuer() Issuer {
	i := Issuer{
		Algorithms: []string{"RS256", "ES256", "EdDSA"},
		Claims: Claims{
			Audience:      "aud",
			Scopes:        []string{"scope"},
			Name:          []string{"name", "preferred_username"},
			Email:         "email",
			EmailVerified: "email_verified",
			Picture:       "picture",
		},
	}
	switch p {
	case PresetNone:
	case PresetAuth0:
		// `scope` is what an application asked for, which is anything where an API's RBAC is off.
		i.Algorithms = []string{"RS256", "PS256"}
		i.Claims.Scopes = []string{"permissions"}
	case PresetCognito:
		// Access tokens name the client where others name the audience.
		i.Algorithms = []string{"RS256"}
		i.Require = map[string]string{"token_use": "access"}
		i.Claims.Audience = "client_id"
		i.Claims.Scopes = []string{"scope", "cognito:groups"}
		i.Claims.Name = []string{"name", "username"}
	case PresetEntra:
		// An address is whatever a tenant's administrator wrote, so nothing vouches for it.
		i.Algorithms = []string{"RS256"}
		i.Claims.Scopes = []string{"scp", "roles"}
		i.Claims.EmailVerified = ""
		i.Claims.Picture = ""
	case PresetGoogle:
		// Its ID tokens carry no scopes of others.
		i.Name = "https://accounts.google.com"
		i.Algorithms = []string{"RS256"}
		i.Claims.Scopes = nil
		i.Claims.Name = []string{"name"}
	case PresetKeycloak:
		// ID and logout tokens have another `typ` among their claims.
		i.Require = map[string]string{"typ": "Bearer"}
		i.Claims.Scopes = []string{"scope", "realm_access.roles"}
	case PresetZitadel:
		// Roles are the names in an object, whose values say who granted them.
		i.Claims.Scopes = []string{"urn:zitadel:iam:org:project:roles.*"}
	}
	return i
}
