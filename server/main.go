// Command stackyard serves the catalogue of back-end software, and what is
// known of an organisation's use of it, over GraphQL.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes: a start that cannot work as configured is told from one that failed, and a check that could not be
// made from one that found something.
const (
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	err := run(untilSignal(context.Background()), os.Args[1:], os.Getenv, os.Stdout)
	if err != nil {
		fmt.Fprintf(os.Stderr, "stackyard: %v\n", err)
	}
	os.Exit(exitCode(err))
}

// untilSignal ends with the first signal to stop; from then on, the next one ends the process at once.
func untilSignal(parent context.Context) context.Context {
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}

// run is the whole program: main and the tests both start it. It ends when ctx does, after
// finishing the requests that are running.
func run(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	return runWith(ctx, args, getenv, out, openBackend)
}

func exitCode(err error) int {
	if err == nil {
		return 0
	}
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}
