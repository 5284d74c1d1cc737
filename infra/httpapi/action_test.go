package httpapi_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi"
)

func TestEveryOperationDeclaresItsAction(t *testing.T) {
	s := newService(t)
	known := append(access.Action("").Words(), string(httpapi.Anybody))
	routes := s.Routes()
	require.NotEmpty(t, routes)
	for _, r := range routes {
		require.Contains(t, known, string(r.Action), "%s %s", r.Method, r.Path)
	}
}

func TestAsks(t *testing.T) {
	s := newService(t)
	called := 0
	add := func(path string, extensions map[string]any) {
		huma.Register(s.Huma(), huma.Operation{Method: "GET", Path: path, OperationID: path[1:], Extensions: extensions},
			func(context.Context, *struct{}) (*struct{}, error) { called++; return nil, nil })
	}
	add("/forgotten", nil)
	add("/read", httpapi.Asks(access.Read))
	add("/free", httpapi.Asks(httpapi.Anybody))
	s.Handle("GET /beside", access.Profile, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called++ }))

	s.ask("GET", "/forgotten", nil, "").problem(t, 500, "http.internal")
	s.who = "nobody"
	s.ask("GET", "/read", nil, "").problem(t, 403, "access.denied")
	s.ask("GET", "/beside", nil, "").problem(t, 403, "access.denied")
	require.Zero(t, called)
	require.Equal(t, 204, s.ask("GET", "/free", nil, "").status)
	s.who = "reader"
	require.Equal(t, 204, s.ask("GET", "/read", nil, "").status)
	require.Equal(t, 200, s.ask("GET", "/beside", nil, "").status)
	require.Equal(t, 3, called)
	require.Contains(t, s.Routes(), httpapi.Route{Method: "GET", Path: "/forgotten", ID: "forgotten"})
}
