package bundle

import (
	"reflect"

	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
)

// References calls use with every stream that an event names, also twice.
func References(event any, use func(stream string)) {
	walk(reflect.ValueOf(event), func(v any) {
		if ref, ok := v.(terms.Reference); ok {
			if stream, _ := ref.Target(); stream != "" {
				use(stream)
			}
		}
	})
}

// documentsOf calls use with the hash of every document that an event names.
func documentsOf(event any, use func(hash string)) {
	walk(reflect.ValueOf(event), func(v any) {
		var hash string
		switch h := v.(type) {
		case source.Hash:
			hash = string(h)
		case memorandum.Hash:
			hash = string(h)
		case resource.Hash:
			hash = string(h)
		}
		if hash != "" {
			use(hash)
		}
	})
}

// firstText is the first text in a language that an event has, or "".
func firstText(event any) (text string) {
	walk(reflect.ValueOf(event), func(v any) {
		if t, ok := v.(terms.Text); ok && text == "" {
			text = t.Value
		}
	})
	return text
}

// walk calls visit with every text and every structure in v, in their order.
func walk(v reflect.Value, visit func(any)) {
	switch v.Kind() {
	case reflect.String:
		visit(v.Interface())
	case reflect.Struct:
		visit(v.Interface())
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), visit)
		}
	}
}
