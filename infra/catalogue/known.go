package catalogue

import (
	"cmp"
	_ "embed"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/es"
)

//go:embed refusals.json
var refusalsFile []byte

// known is a [Refusal] as refusals.json has it.
type known struct {
	Kind    string `json:"kind"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Want    string `json:"want"`
}

// Refusals returns the errors that a command can meet, by code and then by
// sentence, each with what would be right. They are extracted from the source
// into refusals.json by the package's test with -update.
func Refusals() ([]Refusal, error) {
	var all []known
	if err := json.Unmarshal(refusalsFile, &all); err != nil {
		return nil, fmt.Errorf("read refusals: %w", err)
	}
	kinds := map[string]es.Kind{}
	for _, k := range es.Kinds() {
		kinds[k.Error()] = k
	}
	out := make([]Refusal, 0, len(all))
	for _, k := range all {
		out = append(out, Refusal{kinds[k.Kind], k.Code, k.Message, cmp.Or(k.Want, remedy(k.Code))})
	}
	return out, nil
}
