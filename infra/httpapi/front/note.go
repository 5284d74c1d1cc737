package front

import "context"

// note is what is learned of a request while it is answered, for the log and the
// figures. Only the goroutine that answers writes to it.
type note struct {
	route   string // pattern of the handler, "" if there is none
	who     string // opaque id of who asks
	command string // id of the command
}

type noteKey struct{}

func noted(ctx context.Context) *note {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		return n
	}
	return &note{} // nobody looks at it
}

// NoteRoute tells the log and the figures which handler takes the request.
func NoteRoute(ctx context.Context, pattern string) { noted(ctx).route = pattern }

// NoteCommand tells the log the id of the command that is given.
func NoteCommand(ctx context.Context, id string) { noted(ctx).command = id }
