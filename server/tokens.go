package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"stackyard/internal/auth"
)

// tokens is whose tokens the server accepts.
type tokens struct {
	verifier auth.Verifier
	// dev is nil where the server is not in development mode.
	dev *development
	// prefetch has the keys of the issuers fetched in the background.
	prefetch func(context.Context)
	// close ends what is fetched.
	close func()
}

// openTokens trusts the configured issuers, and in development mode the server's own, whose keys are
// fetched from its own address like any other's.
func openTokens(cfg Config, address net.Addr, log *slog.Logger) (*tokens, error) {
	t := &tokens{verifier: noIssuers{}, prefetch: func(context.Context) {}, close: func() {}}
	var issuers []auth.Issuer
	if cfg.Issuers != "" {
		configured, err := auth.ReadIssuers(cfg.Issuers)
		if err != nil {
			return nil, usageError{fmt.Errorf("issuers: %w", err)}
		}
		issuers = configured
	}
	if cfg.Dev {
		dev, err := openDevelopment(cfg.DataDir, address)
		if err != nil {
			return nil, err
		}
		t.dev = dev
		issuers = append(issuers, auth.DevIssuerAt("http://"+address.String()+jwksPath))
	}
	if len(issuers) == 0 {
		return t, nil
	}
	verifier, err := auth.NewVerifier(issuers, auth.Options{MaxStale: cfg.JWKSMaxStale, Log: log})
	if err != nil {
		return nil, usageError{fmt.Errorf("issuers: %w", err)}
	}
	t.verifier, t.prefetch = verifier, verifier.Prefetch
	t.close = func() { _ = verifier.Close() } // nothing is lost with it
	return t, nil
}

// tokenCommand prints a token that is signed with the key in a data directory.
type tokenCommand struct {
	// User is a name such as ada.
	User string `required:"" placeholder:"NAME" help:"User that the token is about, such as ada."`
	// Scope lists what the token permits; where empty, what the user is permitted.
	Scope []string `placeholder:"SCOPE" help:"What the token permits; can be repeated. By default what the user is permitted."`
	// TTL is how long the token is good.
	TTL time.Duration `name:"ttl" default:"1h" help:"Time that the token is good."`
	// DataDir is the data directory of the server that accepts the token.
	DataDir string `default:"./data" help:"Directory of the server's files."`
}

func (c tokenCommand) run(out io.Writer) error {
	user, err := auth.DevUserOf(c.User)
	if err != nil {
		return usageError{err}
	}
	issuer, err := auth.OpenDevIssuer(c.DataDir)
	if err != nil {
		return err
	}
	scopes := c.Scope
	if len(scopes) == 0 {
		scopes = user.Scopes
	}
	token, err := issuer.Token(user, scopes, c.TTL)
	if err != nil {
		return usageError{err}
	}
	_, err = fmt.Fprintln(out, token)
	return err
}
