package vault_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/vault"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "entente")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	v, err := vault.Open(ctx, filepath.Join(dir, "vault.db"), nil, vault.Options{})
	if err != nil {
		panic(err)
	}
	defer func() { _ = v.Close() }()

	person := uuid.New()
	commitment, err := v.Put(ctx, person, vault.Entry{Name: "Anton Muster", NameLang: "de"})
	if err != nil {
		panic(err)
	}
	opening, err := v.Opening(ctx, person)
	if err != nil {
		panic(err)
	}
	fmt.Println(opening.Entry, vault.Verify(commitment, opening))
	fmt.Println(v.Erase(ctx, person))
	_, err = v.Get(ctx, person)
	fmt.Println(errors.Is(err, &es.Error{Code: vault.CodeErased}))
	// Output:
	// (personal data) <nil>
	// <nil>
	// true
}
