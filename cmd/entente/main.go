// Command entente keeps a ledger of cooperation agreements.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/es"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) //nolint:gocritic // stop is for the signal only
}

// run runs one command line and returns its exit code: 0, or that of the kind
// of error in the one table of package es.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	a := &app{in: in, out: out, errs: errs}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	a.json = a.json || slices.Contains(args, "--json") // where flags could not be read
	a.complain(err)
	if failed, ok := errors.AsType[*failedLines](err); ok {
		return failed.kind.Exit()
	}
	return kindOf(err).Exit()
}

// kindOf returns the kind of err, 0 if it is internal.
func kindOf(err error) es.Kind {
	if e, ok := errors.AsType[*es.Error](err); ok {
		return e.Kind
	}
	return 0
}

// problem is an error as JSON.
type problem struct {
	Kind    string `json:"kind"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field"`
	Want    string `json:"want"`
}

func problemOf(err error) problem {
	if e, ok := errors.AsType[*es.Error](err); ok {
		return problem{e.Kind.Error(), e.Code, e.Message, e.Field, e.Want}
	}
	if damaged := damagedError(0); errors.As(err, &damaged) {
		return problem{Kind: "damaged", Code: "audit.damaged", Message: err.Error()}
	}
	return problem{Kind: es.Kind(0).Error(), Code: "internal", Message: err.Error()}
}

// complain says on the error output what went wrong.
func (a *app) complain(err error) {
	if a.json {
		line, jsonErr := json.Marshal(map[string]problem{"error": problemOf(err)})
		if jsonErr == nil {
			_, _ = fmt.Fprintf(a.errs, "%s\n", line)
			return
		}
	}
	_, _ = fmt.Fprintf(a.errs, "entente: %v\n", err)
}
