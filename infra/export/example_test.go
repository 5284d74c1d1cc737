package export_test

import (
	"log"
	"os"

	"github.com/entente-ledger/entente/infra/export"
)

func Example() {
	w, err := export.New(export.CSV, os.Stdout, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"Graz", "Lviv"} {
		if err := w.Object(line(name)); err != nil {
			log.Fatal(err)
		}
	}
	if err := w.End(41); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// country,id,kind,name,visibility
	// AT,party-1,municipality,Graz,public
	// AT,party-1,municipality,Lviv,public
}
