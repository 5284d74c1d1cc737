package access_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "entente")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	registry, err := access.OpenRegistry(ctx, filepath.Join(dir, access.RegistryFile), access.Options{})
	if err != nil {
		panic(err)
	}
	defer func() { _ = registry.Close() }()
	policy, err := access.Default()
	if err != nil {
		panic(err)
	}

	reader, err := registry.Create(ctx, "id-of-the-administrator", uuid.New(), access.Subject{},
		access.Grants{Roles: []access.Role{access.RoleReader}})
	if err != nil {
		panic(err)
	}
	token, _, err := registry.Issue(ctx, "id-of-the-administrator", reader.ID, time.Now().Add(time.Hour))
	if err != nil {
		panic(err)
	}
	who, err := registry.Authenticate(ctx, token.Reveal())
	if err != nil {
		panic(err)
	}
	fmt.Println(policy.Sees(who))
	fmt.Println(policy.Decide(access.Request{Who: who, Action: access.Read, Kind: "memorandum", Visibility: es.Internal}))
	fmt.Println(policy.Decide(access.Request{Who: who, Action: access.Record, Command: "memorandum.sign"}))
	// Output:
	// internal
	// {true false [known-read-internal]}
	// {false false []}
}
