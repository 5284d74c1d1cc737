package main

import (
	"context"

	"github.com/entente-ledger/entente/infra/intake"
	"github.com/entente-ledger/entente/infra/tabular"
)

// propose prints a mapping drafted from a file. It needs no ledger.
func (a *app) propose(ctx context.Context, path string, f importFlags) error {
	text, err := intake.Propose(ctx, path, tabular.Options{Encoding: f.encoding})
	if err != nil {
		return err
	}
	_, err = a.out.Write(text)
	return err
}

// checkPropose refuses flags of an import beside --propose, and the reverse.
func (f importFlags) checkPropose(given func(flag string) bool) error {
	if !f.propose {
		if given("encoding") {
			return usage("an import reads the encoding from the mapping", "file: {encoding: ...} in the mapping; --encoding goes with --propose")
		}
		return nil
	}
	for _, flag := range []string{"mapping", "snapshot", "known-at", "refused", "dry-run", "json"} {
		if given(flag) {
			return usage("--propose prints a mapping as YAML and imports nothing, so that it does not go with --"+flag,
				"entente import --propose FILE, then entente import FILE --mapping MAPPING")
		}
	}
	return nil
}
