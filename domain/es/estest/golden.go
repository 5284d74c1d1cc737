package estest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

var update = flag.Bool("update", false, "write golden files instead of checking them")

// Golden checks that every event type of r is still stored as its golden file
// in testdata/golden says, and that the files of earlier schemas still decode.
// With -update it writes the files of the current schemas.
func Golden[E any](t *testing.T, r *es.Registry[E]) {
	t.Helper()
	dir := filepath.Join("testdata", "golden")
	for _, d := range r.Definitions() {
		t.Run(d.Name, func(t *testing.T) {
			sample := Sample[E](r, d.Type)
			name, schema, data, err := r.Encode(sample)
			require.NoError(t, err)
			file := filepath.Join(dir, fmt.Sprintf("%s.v%d.json", name, schema))
			if *update {
				require.NoError(t, os.MkdirAll(dir, 0o755))
				require.NoError(t, os.WriteFile(file, append(data, '\n'), 0o644))
			}
			stored := read(t, file)
			require.Equal(t, stored, string(data), "the stored form changed: define a new schema with an upcast")
			decoded, err := r.Decode(name, schema, []byte(stored))
			require.NoError(t, err)
			require.Equal(t, sample, decoded)
			for old := 1; old < schema; old++ {
				_, err := r.Decode(name, old, []byte(read(t, filepath.Join(dir, fmt.Sprintf("%s.v%d.json", name, old)))))
				require.NoError(t, err)
			}
		})
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err, "make it with: go test ./domain/... -run Golden -update")
	return strings.TrimSuffix(string(data), "\n")
}

// Sample returns a value of the registered type typ in which every field,
// however deep, holds something; always the same. Fields of the interface type
// hold a sample of the first type by name that has no such field itself.
func Sample[E any](r *es.Registry[E], typ reflect.Type) E {
	v := reflect.New(typ).Elem()
	fill(v, r)
	return v.Interface().(E)
}

// words is implemented by values of a closed vocabulary.
type words interface{ Words() []string }

func fill[E any](v reflect.Value, r *es.Registry[E]) {
	if text, ok := v.Addr().Interface().(interface{ UnmarshalText([]byte) error }); ok {
		fillText(v, text)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("naïve «text» Ιωάννινα")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint64:
		v.SetUint(3)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), r)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), r)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), r)
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field, r)
		}
	case reflect.Interface:
		for _, d := range r.Definitions() {
			if !nests(d.Type, v.Type()) {
				v.Set(reflect.ValueOf(Sample[E](r, d.Type)))
				return
			}
		}
	default:
		panic(fmt.Sprintf("fill: no sample of %v", v.Type()))
	}
}

// fillText gives a value that checks its text one that it accepts.
func fillText(v reflect.Value, text interface{ UnmarshalText([]byte) error }) {
	candidates := []string{
		"2018-10-01~/2018-10-07~", "P1Y6M", "0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", "el-Latn", "sdg:13.2", "EUR", "IT",
		"network-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55",
		"person-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55",
		"memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", strings.Repeat("5e", 32), "-1200.5",
	}
	if w, ok := v.Interface().(words); ok {
		candidates = w.Words()[1:]
	}
	for _, c := range candidates {
		if text.UnmarshalText([]byte(c)) == nil {
			return
		}
	}
	panic(fmt.Sprintf("fill: no sample text for %v", v.Type()))
}

func nests(typ, iface reflect.Type) bool {
	switch typ.Kind() {
	case reflect.Struct:
		for f := range typ.Fields() {
			if f.IsExported() && nests(f.Type, iface) {
				return true
			}
		}
	case reflect.Slice, reflect.Pointer:
		return nests(typ.Elem(), iface)
	case reflect.Interface:
		return typ == iface
	}
	return false
}
