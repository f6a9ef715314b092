package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	// fetchTimeout is how long getting an issuer's keys may take, discovery included.
	fetchTimeout = 2 * time.Second
	// maxDocumentBytes is the size of the largest key set or discovery document.
	maxDocumentBytes = 1 << 20
	// maxHeaderBytes is the size of the largest header of an answer.
	maxHeaderBytes = 64 << 10
)

// source is where the keys of one issuer come from.
type source struct {
	issuer Issuer
	client *http.Client
}

// newClient follows no redirects: keys come from where the configuration or the issuer says, or not at all.
func newClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// fetch gets keys anew. A set without a usable key is an error.
func (s source) fetch(ctx context.Context) ([]publicKey, error) {
	address, err := s.address(ctx)
	if err != nil {
		return nil, err
	}
	body, err := s.get(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("getting the key set: %w", err)
	}
	keys, err := parseKeys(body)
	if err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, errors.New("the key set has no usable key")
	}
	return keys, nil
}

// address is where the key set is, as configured or as discovery says.
func (s source) address(ctx context.Context) (string, error) {
	if s.issuer.JWKS != "" {
		return s.issuer.JWKS, nil
	}
	body, err := s.get(ctx, strings.TrimSuffix(s.issuer.Name, "/")+"/.well-known/openid-configuration")
	if err != nil {
		return "", fmt.Errorf("discovering the key set: %w", err)
	}
	var document struct {
		Issuer string `json:"issuer"`
		JWKS   string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return "", fmt.Errorf("reading the discovery document: %w", err)
	}
	if document.Issuer != s.issuer.Name {
		return "", fmt.Errorf("the discovery document is of issuer %.200q", document.Issuer)
	}
	if err := checkAddress(document.JWKS); err != nil {
		return "", fmt.Errorf("the discovery document's jwks_uri: %w", err)
	}
	if strings.HasPrefix(document.JWKS, "http:") && !strings.HasPrefix(s.issuer.Name, "http:") {
		return "", errors.New("the discovery document's jwks_uri leads from https to http")
	}
	return document.JWKS, nil
}

func (s source) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers with status %d", address, response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxDocumentBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading from %s: %w", address, err)
	}
	if len(body) > maxDocumentBytes {
		return nil, fmt.Errorf("%s answers with more than %d bytes", address, maxDocumentBytes)
	}
	return body, nil
}
