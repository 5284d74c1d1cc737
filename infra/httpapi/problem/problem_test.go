package problem_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

func ExampleOf() {
	ctx := problem.WithRequestID(context.Background(), "request-7")
	p, _ := problem.Of(ctx, fmt.Errorf("memorandum.sign: %w", es.Rejected("memorandum.not_invited", "only an invited party may sign", "a party that was invited")))
	fmt.Println(p.Status, p.Type, p.Instance)
	// Output: 422 /errors/memorandum.not_invited urn:entente:request:request-7
}

func TestOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range problem.Own() {
		require.False(t, seen[e.Code], e.Code)
		seen[e.Code] = true
		require.True(t, strings.HasPrefix(e.Code, "http."), e.Code)
		require.GreaterOrEqual(t, e.Status, 400, e.Code)
		require.NotEmpty(t, e.Want, e.Code)
		require.False(t, strings.HasSuffix(e.Message, "."), e.Code)
	}
}

func TestOf(t *testing.T) {
	for _, k := range es.Kinds() {
		p, _ := problem.Of(t.Context(), &es.Error{Kind: k, Code: "a.b", Message: "a secret path", Field: "/c", Want: "d"})
		require.Equal(t, k.Status(), p.Status)
		require.Equal(t, k.Status() >= 500, p.Detail == problem.Internal.Message, k)
		require.Equal(t, "a.b", p.Code)
	}
	p, header := problem.Of(t.Context(), fmt.Errorf("wrapped: %w", problem.Stale.Now(7).At("header If-Match").With("X", "y")))
	require.EqualValues(t, 7, *p.Current)
	require.Equal(t, "header If-Match", p.Errors[0].Pointer)
	require.Equal(t, "y", header.Get("X"))
	require.Nil(t, problem.Stale.Current, "the table is as it was")
	require.Nil(t, problem.Stale.Header)
	require.ErrorIs(t, problem.Stale.Now(7), problem.Stale)
	left, leave := context.WithCancel(t.Context())
	leave()
	p, _ = problem.Of(left, fmt.Errorf("read: %w", left.Err()))
	require.Equal(t, "http.left", p.Code)
	p, _ = problem.Of(t.Context(), context.Canceled)
	require.Equal(t, "http.internal", p.Code, "it was somebody else who left")
	p, _ = problem.Of(t.Context(), errors.New("secret"))
	require.Equal(t, "http.internal", p.Code)
	require.NotContains(t, p.Detail, "secret")
	require.NotNil(t, p.Errors, "a list, if an empty one")
}
