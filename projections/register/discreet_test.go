package register_test

import (
	"testing"

	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
)

func TestDiscreet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 20, 80, nil)
		log := store.Records()
		at, on, about := w.At(len(log)), w.Date(), ""
		if len(w.Parties()) > 0 {
			about = w.Parties()[0]
		}
		projectiontest.Discreet(t, rt, log, func(conn *sqlite.Conn, sees es.Visibility) (all []projectiontest.Answer) {
			at.Sees = sees
			for _, f := range []register.Filter{
				{On: on, At: at, Limit: 2},
				{On: on, At: at, Limit: 2, Sort: register.ByEntry},
				{On: on, At: at, Party: terms.PartyID(about)},
				{On: on, At: at, Theme: "sdg:11"},
				{On: on, At: at, Phase: memorandum.PhaseInForce, Perhaps: true},
				{On: on, At: at, Phase: memorandum.PhaseDraft},
			} {
				all = append(all, projectiontest.Paged(func(after string) ([]register.Agreement, string, error) {
					f.After = after
					return register.List(conn, f)
				})...)
			}
			for _, stream := range w.Agreements() {
				all = append(all, projectiontest.Answered(register.Get(conn, stream, at, on)))
			}
			for _, about := range []string{"", about} {
				within := readmodel.Within{At: at, From: on.Earliest(), To: on.Latest(), About: about}
				for _, list := range []func(*sqlite.Conn, readmodel.Within) ([]register.Happened, error){
					register.Signed, register.Signatures, register.Entered, register.EnteredFor, register.Ended, register.Withdrawn,
				} {
					all = append(all, projectiontest.Answered(list(conn, within)))
				}
			}
			return all
		})
	})
}
