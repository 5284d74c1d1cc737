package booktest

import (
	"reflect"
	"slices"

	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/terms"
)

// Example is a command with the event it leads to, which has the same members,
// and an event of the same type with other values.
type Example[C any, E book.Event] struct {
	Name           string
	Command        C
	Event, Changed E
}

// Examples are those of the commands that can follow an opening, one of each.
type Examples[C any, E book.Event] []Example[C, E]

// Fact is a [Subject.Fact] that draws one of them, with either values.
func (all Examples[C, E]) Fact(t *rapid.T, f terms.Fact) C {
	x := rapid.SampledFrom(all).Draw(t, "fact")
	e := reflect.ValueOf(rapid.SampledFrom([]E{x.Event, x.Changed}).Draw(t, "values"))
	return Refact(e.Convert(reflect.TypeOf(x.Command)).Interface().(C), f)
}

// Revise is a [Subject.Revise] that draws either values.
func (all Examples[C, E]) Revise(t *rapid.T, e E) E {
	i := slices.IndexFunc(all, func(x Example[C, E]) bool { return reflect.TypeOf(x.Event) == reflect.TypeOf(e) })
	if i < 0 {
		return e
	}
	return Refact(rapid.SampledFrom([]E{all[i].Event, all[i].Changed}).Draw(t, "values"), e.About())
}

// Hides returns the names of those that show in no answer, or not with which
// values, when they follow the first of s.Openings.
func (s *Subject[C, S, E]) Hides(all Examples[C, E]) []string {
	var names []string
	answers := func(events ...E) said { return s.Opened(append(s.Openings[:1:1], events...)...).answers() }
	for _, x := range all {
		said := []said{answers(), answers(x.Event), answers(x.Changed)}
		if reflect.DeepEqual(said[0], said[1]) || reflect.DeepEqual(said[0], said[2]) || reflect.DeepEqual(said[1], said[2]) {
			names = append(names, x.Name)
		}
	}
	return names
}
