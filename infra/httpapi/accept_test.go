package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestAccept(t *testing.T) {
	s := newService(t)
	for accept, may := range map[string]bool{
		"":                 true,
		"*/*":              true,
		"application/json": true,
		"application/*":    true,
		"text/html, application/xhtml+xml, */*;q=0.8": true,
		"application/json;q=0.5, text/plain":          true,
		"text/html":                                   false,
		"image/*, text/*":                             false,
		"application/json;q=0":                        false,
		"*/*, application/json;q=0":                   false,
		"application/*;q=0, */*;q=1":                  false,
		"no media type":                               false,
	} {
		got := s.ask("POST", "/v1/party?dry_run=true", keyed(uuid.NewString(), "").with("Accept", accept), ancona)
		if may {
			require.Equal(t, 200, got.status, accept)
		} else {
			got.problem(t, 406, "http.not_acceptable")
		}
	}
}
