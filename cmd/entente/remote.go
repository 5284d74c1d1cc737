package main

import (
	"context"
	"encoding"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/client"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// remote is a ledger that is asked through a service, which says who may see what.
type remote struct {
	app    *app
	client *client.Client
}

// remote opens the service that the flags name.
func (a *app) remote() (*remote, error) {
	token := ""
	if a.tokenFile != "" {
		text, err := readNamed(a.tokenFile, "the token")
		if err != nil {
			return nil, err
		}
		if token = strings.TrimSpace(string(text)); token == "" {
			return nil, es.Invalid("cli.no_token", "there is no token in "+a.tokenFile, "what `entente token create` printed")
		}
	}
	c, err := client.Open(a.server, client.Options{Token: token})
	return &remote{a, c}, err
}

// ask implements [reading].
func (r *remote) ask(ctx context.Context, use func(d answering) error) error {
	return use(&remoteDesk{r, ctx, map[string]string{}})
}

// there implements [reading]: whatever is asked next says so.
func (r *remote) there(context.Context, string) error { return nil }

// remoteDesk answers what a service answers. It is made for one question, as a
// desk on one read of the views is, and so it holds what that is done under.
type remoteDesk struct {
	*remote
	ctx   context.Context //nolint:containedctx // see above
	names map[string]string
}

// asking is what is asked, as it stands in a query.
type asking struct{ url.Values }

// query returns a question by the knowledge that is asked for.
func (d *remoteDesk) query() asking {
	q := asking{url.Values{}}
	q.at("", "as_recorded", "as_known", d.app.at)
	return q
}

// at adds a state of knowledge.
func (q asking) at(prefix, recorded, known string, at readmodel.At) {
	switch {
	case at.Events > 0:
		q.Set(prefix+recorded, strconv.FormatUint(at.Events-1, 10))
	case !at.Recorded.IsZero():
		q.Set(prefix+recorded, at.Recorded.UTC().Format(time.RFC3339Nano))
	}
	if !at.Known.IsZero() {
		q.Set(prefix+known, at.Known.UTC().Format(time.RFC3339Nano))
	}
}

// with adds a parameter, unless it is "".
func (q asking) with(name, value string) asking {
	if value != "" {
		q.Set(name, value)
	}
	return q
}

// asOf adds the date as of which it is asked.
func (q asking) asOf(on edtf.Date) asking { return q.with("as_of", on.String()) }

// orNothing has values of closed vocabularies and the like be nothing where an
// answer has "", which they do not take from a command.
var orNothing = json.WithUnmarshalers(json.UnmarshalFromFunc(func(dec *jsontext.Decoder, into encoding.TextUnmarshaler) error {
	value, err := dec.ReadValue()
	if err != nil || string(value) == `""` {
		return err
	}
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return err
	}
	return into.UnmarshalText([]byte(text))
}))

// fetched reads what a service answers as a T.
func fetched[T any](d *remoteDesk, path string, q asking) (answer T, err error) {
	text, err := client.Bytes(d.client.Ask(d.ctx, path, q.Values))
	if err != nil {
		return answer, err
	}
	if err := json.Unmarshal(text, &answer, orNothing); err != nil {
		return answer, fmt.Errorf("read the answer of the service: %w", err)
	}
	return answer, nil
}

// pages yields a list, limit of it at most or, if that is 0, all.
func pages[T any](d *remoteDesk, path string, limit int, q asking) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for left := limit; ; {
			size := readmodel.MaxLimit
			if limit > 0 {
				size = min(left, size)
			}
			q.Set("limit", strconv.Itoa(size))
			p, err := fetched[answers.Page[T]](d, path, q)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, one := range p.Items {
				if !yield(one, nil) {
					return
				}
			}
			if left -= len(p.Items); p.Next == "" || limit > 0 && left <= 0 {
				return
			}
			q.Set("cursor", p.Next)
		}
	}
}

// mended yields a list with something added to each of it.
func mended[T any](all iter.Seq2[T, error], mend func(*T) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for one, err := range all {
			if err == nil {
				err = mend(&one)
			}
			if !yield(one, err) || err != nil {
				return
			}
		}
	}
}

// failing is a list that cannot be had.
func failing[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

// notServed is the error of what a service does not answer.
func notServed(what, want string) *es.Error {
	return es.Invalid("cli.not_served", what+" cannot be had through a service", want)
}

// servedCommands are the commands that take --server, by their paths below the root.
var servedCommands = []string{
	"do", "list", "list parties", "show", "history", "log", "roster", "plan", "statuschart", "due", "findings", "search", "diff", "blame",
	"explain", "stats", "report", "export", "receipt", "checkpoint", "proposal list", "proposal show", "status",
	// and those that ask no ledger
	"", "help", "completion bash", "completion fish", "completion powershell", "completion zsh", "__complete", "__completeNoDesc",
	"commands", "schema", "receipt verify", "verify", "verify key",
}

// checkServed reads where the service is, and fails if it is to do what needs the
// folder.
func (a *app) checkServed(cmd *cobra.Command) error {
	folder := cmd.Flags().Changed("data") || cmd.Flags().Changed("store")
	if !folder {
		if a.server == "" {
			a.server = os.Getenv("ENTENTE_SERVER")
		}
		if a.tokenFile == "" {
			a.tokenFile = os.Getenv("ENTENTE_TOKEN_FILE")
		}
	}
	_, path, _ := strings.Cut(cmd.CommandPath(), " ")
	switch {
	case a.server == "":
		return nil
	case folder:
		return usage("--server and --data or --store do not go together", "one of them")
	case slices.Contains(servedCommands, path):
		return nil
	}
	return es.Invalid("cli.not_served", "`entente "+path+"` does not go through a service",
		"the command where the folder of the ledger is, with --data and without --server and $ENTENTE_SERVER")
}

// isNotFound reports whether something is not there, or may not be seen.
func isNotFound(err error) bool { return errors.Is(err, es.ErrNotFound) }
