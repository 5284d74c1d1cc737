package httpapi

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// Token returns a position of the ledger's store as it leaves the service, in
// Ledger-Position: opaque, with the ledger's identity in it, to be given back as
// min_position.
func Token(ledger uuid.UUID, at es.Position) string {
	return fmt.Sprintf("%x.%x", ledger[:4], uint64(at))
}

// ParseToken reads what [Token] wrote. It fails with [problem.BadPosition] if
// text is not of this ledger.
func ParseToken(ledger uuid.UUID, text string) (es.Position, error) {
	of, at, _ := strings.Cut(text, ".")
	n, err := strconv.ParseUint(at, 16, 64)
	if err != nil || of != fmt.Sprintf("%x", ledger[:4]) {
		return 0, problem.BadPosition
	}
	return es.Position(n), nil
}
