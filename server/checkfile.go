package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/goccy/go-yaml"

	"stackyard/internal/app"
	"stackyard/internal/enum"
	"stackyard/internal/source/sbom"
)

// stackFile is a list of components: the arguments of checkStack.
type stackFile struct {
	Components []fileEntry  `yaml:"components"`
	Context    *contextFile `yaml:"context"`
}

// fileEntry is a component: an object, or a text such as nodejs@18.20.4.
type fileEntry struct {
	Technology string
	Version    *versionText
}

// UnmarshalYAML takes either.
func (c *fileEntry) UnmarshalYAML(unmarshal func(any) error) error {
	var object struct {
		Technology string       `yaml:"technology"`
		Version    *versionText `yaml:"version"`
	}
	var text string
	if unmarshal(&text) != nil {
		err := unmarshal(&object)
		c.Technology, c.Version = object.Technology, object.Version
		return err
	}
	c.Technology = text
	at := strings.LastIndex(text, "@") // the first character of a scope is none
	if at > 0 && !strings.HasPrefix(text, "pkg:") {
		c.Technology, c.Version = text[:at], new(versionText(text[at+1:]))
	}
	return nil
}

// contextFile is what a stack is for: the context of checkStack.
type contextFile struct {
	UseCase              *string  `yaml:"useCase"`
	Traffic              *string  `yaml:"traffic"`
	HasUserAccounts      *bool    `yaml:"hasUserAccounts"`
	IsInternetFacing     *bool    `yaml:"isInternetFacing"`
	EndOfLifeHorizonDays *int     `yaml:"endOfLifeHorizonDays"`
	AllowedLicenses      []string `yaml:"allowedLicenses"`
}

// versionText is a version as it is written: without quotation marks, 3.10 is a number to YAML, and the same as 3.1.
type versionText string

// UnmarshalYAML takes the text of a scalar.
func (v *versionText) UnmarshalYAML(text []byte) error {
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return err
	}
	switch is := value.(type) {
	case string:
		*v = versionText(is)
	case int64, uint64, float64:
		plain, _, _ := strings.Cut(string(text), " #")
		*v = versionText(strings.TrimSpace(plain))
	default:
		return errors.New("a version is a text")
	}
	return nil
}

// defaultHorizonDays is the contract's.
const defaultHorizonDays = 180

// stackInput is what a file says: a document, or components.
type stackInput struct {
	document   *sbom.Document
	components []*app.StackComponentInput
	about      *app.StackContextInput
}

func (s stackInput) format() string {
	if s.document == nil {
		return "list of components"
	}
	return s.document.Format
}

// standardInput stands for it in the place of a file.
const standardInput = "-"

// readUpTo reads a file, or the standard input, that has no more than so many bytes.
func readUpTo(path string, most int64) ([]byte, error) {
	file := os.Stdin
	if path != standardInput {
		var err error
		if file, err = os.Open(path); err != nil { //nolint:gosec // it is the caller's
			return nil, err
		}
		defer func() { _ = file.Close() }() // nothing was written
	}
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > most {
		return nil, fmt.Errorf("%s: it is larger than %d bytes (--max-sbom-bytes)", path, most)
	}
	return content, nil
}

// readStack reads a bill of materials, or a list of components.
func readStack(content []byte, limits sbom.Limits) (stackInput, error) {
	if sbom.Is(content) {
		doc, err := sbom.Read(content, limits)
		return stackInput{document: doc}, err
	}
	var file stackFile
	if err := decodeYAML(content, &file); err != nil {
		return stackInput{}, fmt.Errorf("it is no bill of materials, and no list of components: %w", err)
	}
	if file.Components == nil {
		return stackInput{}, errors.New("it lists no components")
	}
	out := stackInput{}
	for _, c := range file.Components {
		out.components = append(out.components, &app.StackComponentInput{Technology: c.Technology, Version: (*string)(c.Version)})
	}
	if file.Context == nil {
		return out, nil
	}
	about, err := file.Context.input()
	out.about = about
	return out, err
}

// readContext reads what a stack is for.
func readContext(path string, most int64) (*app.StackContextInput, error) {
	content, err := readUpTo(path, most)
	if err != nil {
		return nil, err
	}
	var file contextFile
	if err := decodeYAML(content, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	about, err := file.input()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return about, nil
}

func (c contextFile) input() (*app.StackContextInput, error) {
	in := &app.StackContextInput{
		UseCase: c.UseCase, HasUserAccounts: c.HasUserAccounts, IsInternetFacing: c.IsInternetFacing,
		EndOfLifeHorizonDays: defaultHorizonDays, AllowedLicenses: c.AllowedLicenses,
	}
	if c.EndOfLifeHorizonDays != nil {
		in.EndOfLifeHorizonDays = *c.EndOfLifeHorizonDays
	}
	if c.Traffic != nil {
		in.Traffic = new(enum.Traffic)
		if err := in.Traffic.UnmarshalGQL(*c.Traffic); err != nil {
			return nil, fmt.Errorf("traffic: %w", err)
		}
	}
	return in, nil
}

// decodeYAML reads one document of YAML or JSON, and refuses what it does not know.
func decodeYAML(content []byte, into any) error {
	decoder := yaml.NewDecoder(bytes.NewReader(content), yaml.Strict())
	if err := decoder.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return errors.New(yaml.FormatError(err, false, false))
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return errors.New("it is more than one document")
	}
	return nil
}
