package documents_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/entente-ledger/entente/infra/documents"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "entente")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()

	folder, err := documents.Open(filepath.Join(dir, "documents"), documents.Options{})
	if err != nil {
		panic(err)
	}
	hash, size, err := folder.Put(ctx, strings.NewReader("Memorandum of understanding"))
	if err != nil {
		panic(err)
	}
	fmt.Println(hash, size)

	document, err := folder.Open(hash)
	if err != nil {
		panic(err)
	}
	defer func() { _ = document.Close() }()
	text, err := io.ReadAll(document)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text), folder.Verify(ctx, hash))
	// Output:
	// 4537d636e13df7b5575b29870cac897a4eb8f95eff7a23cf16f4b46f204532a1 27
	// Memorandum of understanding <nil>
}
