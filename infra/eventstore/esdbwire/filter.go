package esdbwire

import (
	"regexp"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// filter says which events of $all a client wants, and after how many looked
// at it wants to know how far it got.
type filter struct {
	match    func(stream, name string) bool
	interval int // events looked at between checkpoints
}

// expression is one that a name matches: the type that two services share.
type expression interface {
	GetRegex() string
	GetPrefix() []string
}

// newFilter returns the filter of a request, nil if it has none.
func newFilter(o *streams.ReadReq_Options_FilterOptions) (*filter, error) {
	switch f := o.GetFilter().(type) {
	case *streams.ReadReq_Options_FilterOptions_StreamIdentifier:
		return matching(f.StreamIdentifier, false, o.GetMax(), o.GetCheckpointIntervalMultiplier())
	case *streams.ReadReq_Options_FilterOptions_EventType:
		return matching(f.EventType, true, o.GetMax(), o.GetCheckpointIntervalMultiplier())
	}
	return nil, nil //nolint:nilnil // nil is the filter that nothing has to pass
}

const defaultWindow = 32 // events, where a client names no window, as in EventStoreDB

// matching returns the filter of an expression on the names of streams, or on
// those of types.
func matching(e expression, types bool, window, multiplier uint32) (*filter, error) {
	test, err := matcher(e)
	if err != nil {
		return nil, err
	}
	if window == 0 {
		window = defaultWindow
	}
	f := &filter{interval: int(window) * int(max(multiplier, 1))}
	f.match = func(stream, name string) bool {
		if types {
			stream = name
		}
		return test(stream)
	}
	return f, nil
}

func matcher(e expression) (func(name string) bool, error) {
	if text := e.GetRegex(); text != "" {
		re, err := regexp.Compile(text)
		if err != nil {
			return nil, badArgument("the regular expression of the filter is not one of RE2: %v", err)
		}
		return re.MatchString, nil
	}
	prefixes := e.GetPrefix()
	if len(prefixes) == 0 {
		return nil, badArgument("the filter has neither a regular expression nor prefixes")
	}
	return func(name string) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(name, p) {
				return true
			}
		}
		return false
	}, nil
}
