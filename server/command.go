package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// commandLine is what can be called; serve is what runs without a command.
type commandLine struct {
	Serve struct {
		Config
	} `cmd:"" default:"withargs" help:"Serve the API (the default)."`
	Sync    syncCommand  `cmd:"" help:"Read a source of release cycles or advisories once."`
	Check   checkCommand `cmd:"" help:"Say what is wrong with a stack, from the embedded catalogue alone."`
	Token   tokenCommand `cmd:"" help:"Print a token for a server in development mode."`
	Version struct{}     `cmd:"" help:"Print the version."`
}

// usageError is a mistake in how the program was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// runWith runs the command in args against what open gives.
func runWith(ctx context.Context, args []string, getenv func(string) string, out io.Writer, open opener) error {
	started := time.Now()
	var cli commandLine
	helped := false
	parser, err := kong.New(&cli,
		kong.Name("stackyard"),
		kong.Description("The catalogue of back-end software, over GraphQL."),
		kong.Writers(out, out),
		kong.Exit(func(int) { helped = true }),
		kong.Resolvers(environment(getenv)),
		kong.ValueFormatter(helpWithVariable),
	)
	if err != nil {
		return fmt.Errorf("describe the command line: %w", err)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	switch parsed.Command() {
	case "sync <source>":
		return cli.Sync.run(ctx, out)
	case "version":
		_, err := fmt.Fprintln(out, version())
		return err
	case "check <file>":
		return cli.Check.run(ctx, out, started)
	case "token":
		return cli.Token.run(out)
	}
	cfg := cli.Serve.Config
	if err := cfg.check(); err != nil {
		return usageError{err}
	}
	return serve(ctx, cfg, out, open, started)
}

// environment takes what is not on the command line from the variables STACKYARD_….
func environment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if value := getenv(variable(flag.Name)); value != "" {
			return value, nil
		}
		return nil, nil
	})
}

func variable(flag string) string {
	return "STACKYARD_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func helpWithVariable(v *kong.Value) string {
	if v.Flag == nil || v.Name == "help" {
		return v.Help
	}
	return fmt.Sprintf("%s ($%s)", v.Help, variable(v.Name))
}

// version says which program this is.
func version() string {
	return fmt.Sprintf("stackyard %s %s %s/%s", release(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// release is what the Go command stamped into the binary.
func release() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}
