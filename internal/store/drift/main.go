// Command drift prints the statements that bring a database, once all migrations
// have run, to the data model: the beginning of the next migration.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"stackyard/internal/store"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "drift:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	if len(args) != 1 {
		return fmt.Errorf("usage: drift sqlite:PATH|postgres://… (an empty database)")
	}
	db, err := store.Open(ctx, store.Config{Database: args[0]})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	missing, err := db.Drift(ctx)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, missing)
	return err
}
