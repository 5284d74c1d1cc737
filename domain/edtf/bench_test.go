package edtf_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/edtf"
)

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"day", "2018-04-24"},
		{"year", "2018"},
		{"month_approximate", "2022-06~"},
		{"interval", "2018-10-01/2018-10-07"},
		{"interval_approximate", "2018-10-01~/2018-10-07~"},
		{"set", "[2018-01-02..2018-02-03]"},
		{"time", "2015-09-29T16:00-04:00"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := edtf.Parse(c.text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkUnmarshalText_day(b *testing.B) {
	text := []byte("2018-04-24")
	b.ReportAllocs()
	for b.Loop() {
		var d edtf.Date
		if err := d.UnmarshalText(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHeldBy(b *testing.B) {
	d, on := edtf.MustParse("2018-10"), edtf.MustParse("2018-10-07")
	b.ReportAllocs()
	for b.Loop() {
		if d.HeldBy(on) != edtf.Maybe {
			b.Fatal("want undecidable")
		}
	}
}

func BenchmarkOfDay(b *testing.B) {
	d := edtf.DayOf(2018, 4, 24)
	b.ReportAllocs()
	for b.Loop() {
		if edtf.OfDay(d).IsUnknown() {
			b.Fatal("want a day")
		}
	}
}
