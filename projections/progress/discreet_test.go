package progress_test

import (
	"testing"

	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func TestDiscreet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, plans := drawn(rt)
		log := d.store.Records()
		at, on := d.At(len(log)), d.date()
		projectiontest.Discreet(t, rt, log, func(conn *sqlite.Conn, sees es.Visibility) (all []projectiontest.Answer) {
			at.Sees = sees
			for _, f := range []progress.Filter{{At: at, On: on, Limit: 1}, {At: at, On: on, Party: d.ancona}, {At: at, On: on, Phase: actionplan.PhaseImplementing}} {
				all = append(all, projectiontest.Paged(func(after string) ([]progress.Plan, string, error) {
					f.After = after
					return progress.List(conn, f)
				})...)
			}
			for _, plan := range plans {
				all = append(all, projectiontest.Answered(progress.Get(conn, plan, at, on)))
			}
			for _, about := range []string{"", string(d.ikoma)} {
				within := readmodel.Within{At: at, From: day("2018").Earliest(), To: day("2022").Latest(), About: about}
				all = append(all, projectiontest.Answered(progress.Goals(conn, within)))
			}
			return all
		})
	})
}
