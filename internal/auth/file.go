package auth

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/goccy/go-yaml"
)

// ReadIssuers reads the file that lists whose tokens are accepted, as YAML or JSON. All that is wrong
// with it is in the error, a line each; what it does not know it refuses.
func ReadIssuers(path string) ([]Issuer, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading issuers: %w", err)
	}
	issuers, err := parseIssuers(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return issuers, nil
}

func parseIssuers(content []byte) ([]Issuer, error) {
	var file struct {
		Issuers []Issuer `yaml:"issuers"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content), yaml.Strict())
	err := decoder.Decode(&file)
	if errors.Is(err, io.EOF) {
		return nil, errors.New("there is no issuer")
	}
	if err != nil {
		return nil, errors.New(yaml.FormatError(err, false, false))
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, errors.New("it is more than one document")
	}
	return checkIssuers(file.Issuers)
}
