//go:build linux

package main

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
)

// BenchmarkServeReads asks a service about a large register, beside the same list
// from the views themselves: the list of today, which dashboards ask for again and
// again, and those of random days. An agreement has ten parties, see [fillLog].
func BenchmarkServeReads(b *testing.B) {
	dir := b.TempDir()
	fillLog(b, dir, logSize(b))
	s := bench(b, dir, true, false)
	views := projections.OpenViews((&app{data: dir}).viewsDir())
	defer func() { require.NoError(b, views.Close()) }()
	read := func(ask func(conn *sqlite.Conn) error) error {
		return views.Read(b.Context(), func(conn *sqlite.Conn, _ projections.Checkpoint) error { return ask(conn) })
	}
	var agreements []string
	require.NoError(b, read(func(conn *sqlite.Conn) error {
		return readmodel.Query(conn, "SELECT name FROM stream WHERE name GLOB 'memorandum-*' ORDER BY id", nil, func(r *readmodel.Row) error {
			agreements = append(agreements, r.Text())
			return nil
		})
	}))
	one := func() string { return agreements[rand.IntN(len(agreements))] }
	for _, clients := range []int{1, 64} {
		b.Run(fmt.Sprintf("views/list_50/agreements=%d/clients=%d", len(agreements), clients), func(b *testing.B) {
			measure(b, clients, func() error {
				return read(func(conn *sqlite.Conn) error {
					_, _, err := register.List(conn, register.Filter{On: today(), Limit: 50})
					return err
				})
			})
		})
		for _, question := range []struct {
			name string
			path func() string
		}{
			{"list_50", func() string { return "/v1/register?limit=50" }},
			{"list_50_of_a_day", func() string {
				return fmt.Sprintf("/v1/register?limit=50&as_of=%d-%02d-%02d", 1990+rand.IntN(32), 1+rand.IntN(12), 1+rand.IntN(28))
			}},
			{"history", func() string { return "/v1/memorandum/" + one() + "/history" }},
			{"show", func() string { return "/v1/memorandum/" + one() }},
		} {
			b.Run(fmt.Sprintf("%s/agreements=%d/clients=%d", question.name, len(agreements), clients), func(b *testing.B) {
				lines := make(chan *line, clients)
				for range clients {
					lines <- s.dial(b)
				}
				measure(b, clients, func() error {
					l := <-lines
					defer func() { lines <- l }()
					return l.ask(s, "GET", question.path(), "", "", 200)
				})
			})
		}
	}
}
