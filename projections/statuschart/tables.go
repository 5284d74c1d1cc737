package statuschart

import (
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

type agreement struct {
	exists     bool // its opening was not voided
	visibility terms.Visibility
}

// placed is a row with the place of its party in the chart, from 0.
type placed struct {
	Row
	place int
}

func place(rows []Row) []placed {
	all := make([]placed, len(rows))
	for i, r := range rows {
		all[i].Row = r
		switch {
		case i == 0:
		case rows[i-1].Party == r.Party:
			all[i].place = all[i-1].place
		default:
			all[i].place = all[i-1].place + 1
		}
	}
	return all
}

func agreementTable() *readmodel.Table[agreement] {
	return readmodel.NewTable("statuschart_agreement",
		readmodel.Columns[agreement]{Bind: func(*readmodel.Binder, agreement) {}},
		readmodel.Columns[agreement]{
			Names: []string{"live INTEGER", "visibility TEXT"},
			Bind: func(b *readmodel.Binder, r agreement) {
				b.Bool(r.exists)
				b.Text(string(r.visibility))
			},
		})
}

func rowTable() *readmodel.Table[placed] {
	return readmodel.NewTable("statuschart_row",
		readmodel.Columns[placed]{
			Names: []string{"party INTEGER", "round INTEGER"},
			Bind: func(b *readmodel.Binder, r placed) {
				b.Stream(string(r.Party))
				b.Int(int64(r.Round))
			},
		},
		readmodel.Columns[placed]{
			Names: []string{
				"place INTEGER", "signed TEXT", "signed_by INTEGER", "consented TEXT", "consented_by INTEGER", "letter TEXT", "means TEXT",
				"in_force TEXT", "in_force_by INTEGER", "in_force_met INTEGER", "noticed TEXT", "noticed_by INTEGER",
				"left_on TEXT", "left_by INTEGER", "reservations INTEGER", "objections INTEGER", "doubt INTEGER",
			},
			Bind: func(b *readmodel.Binder, r placed) {
				b.Int(int64(r.place))
				bindAct(b, r.Signed)
				bindAct(b, r.Consented)
				b.Text(string(r.Letter))
				b.Text(string(r.Means))
				bindAct(b, r.InForce)
				b.Int(int64(r.InForceMet))
				bindAct(b, r.Noticed)
				bindAct(b, r.Left)
				b.Int(int64(r.Reservations))
				b.Int(int64(r.Objections))
				b.Bool(r.Doubt)
			},
		})
}

func bindAct(b *readmodel.Binder, a Act) {
	b.Text(a.On.String())
	b.Int(int64(a.By))
}
