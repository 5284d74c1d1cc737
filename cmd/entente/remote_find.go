package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/client"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/proposals"
	"github.com/entente-ledger/entente/projections/register"
)

// resolve implements [reading]. A service takes whole ids only; those that are
// shortened are found in its lists: of agreements, parties, networks, plans and
// proposals.
func (r *remote) resolve(ctx context.Context, id string) (string, error) {
	if _, _, err := es.ParseStream(id); err == nil {
		return id, nil
	}
	d := &remoteDesk{&remote{&app{}, r.client}, ctx, nil} // what is now, whatever is asked of it
	prefix := strings.ToLower(id)
	var found []string
	for of, all := range map[string]iter.Seq2[string, error]{
		"memorandum": ids(d.AllAgreements(register.Filter{}), func(a answers.Agreement) string { return a.ID }),
		"party":      ids(d.AllParties(parties.Filter{}), func(p answers.PartyLine) string { return p.ID }),
		"actionplan": ids(d.AllPlans(progress.Filter{}), func(p answers.PlanLine) string { return p.ID }),
		"proposal":   ids(d.AllProposals(proposals.Filter{}), func(p answers.Proposal) string { return p.ID }),
	} {
		if kind, _, whole := strings.Cut(prefix, "-"); whole && len(kind) != 8 && kind != of && (kind != "network" || of != "party") {
			continue
		}
		for one, err := range all {
			if err != nil {
				return "", err
			}
			if _, bare, _ := strings.Cut(one, "-"); strings.HasPrefix(one, prefix) || strings.HasPrefix(bare, prefix) {
				found = append(found, one)
			}
		}
	}
	switch len(found) {
	case 0:
		return "", &es.Error{
			Kind: es.ErrNotFound, Code: "history.no_stream", Message: fmt.Sprintf("no agreement, party, network, plan or proposal has an id that begins with %.80q", id),
			Want: "the whole id of anything else",
		}
	case 1:
		return found[0], nil
	}
	const shown = 5
	return "", es.Invalid("history.ambiguous", fmt.Sprintf("%.80q is the beginning of several ids", id), "more of it: "+strings.Join(found[:min(shown, len(found))], ", "))
}

// ids yields the ids in a list.
func ids[T any](all iter.Seq2[T, error], id func(T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for one, err := range all {
			if !yield(id(one), err) || err != nil {
				return
			}
		}
	}
}

// resolveNetwork implements [reading].
func (r *remote) resolveNetwork(ctx context.Context, text string) (string, error) {
	id, notAnID := r.resolve(ctx, text)
	if notAnID == nil && kindOfStream(id) == "network" {
		return id, nil
	}
	if notAnID != nil && !errors.Is(notAnID, es.ErrInvalid) && !errors.Is(notAnID, es.ErrNotFound) {
		return "", notAnID
	}
	d := &remoteDesk{&remote{&app{}, r.client}, ctx, nil}
	var found []string
	for one, err := range pages[answers.Hit](d, "/v1/search", 0, d.query().with("q", text).with("kind", "network")) {
		if err != nil {
			return "", err
		}
		if strings.EqualFold(one.Title.Value, text) || strings.EqualFold(one.Matched.Value, text) {
			found = append(found, one.ID)
		}
	}
	switch len(found) {
	case 0:
		return "", &es.Error{
			Kind: es.ErrNotFound, Code: "network.unknown", Message: fmt.Sprintf("no network has the id or the title %.80q", text), Want: "one that `entente search` finds",
		}
	case 1:
		return found[0], nil
	}
	return "", es.Invalid("cli.ambiguous_network", fmt.Sprintf("%.80q is a title of several networks", text), "the id: "+strings.Join(found, ", "))
}

// provenance implements [reading].
func (r *remote) provenance(ctx context.Context, id string) error {
	text, err := client.Bytes(r.client.Ask(ctx, "/v1/"+kindOfStream(id)+"/"+id+"/history", url.Values{"format": {"prov"}}))
	if err != nil {
		return err
	}
	return r.app.printf("%s", text)
}

// pollEvery is how often a service is asked what was recorded since.
const pollEvery = time.Second

// log implements [reading].
func (r *remote) log(ctx context.Context, from uint64, typ string, follow bool) error {
	wait := time.NewTicker(pollEvery)
	defer wait.Stop()
	for {
		err := r.ask(ctx, func(d answering) error {
			w := words{desk: d}
			for one, err := range d.AllLog(ctx, answers.LogFilter{From: from, Types: ofType(typ)}) {
				if err != nil {
					return err
				}
				if err := r.app.printLine(one, &w); err != nil {
					return err
				}
				from = one.Sequence + 1
			}
			return nil
		})
		if err != nil && (!follow || ctx.Err() == nil) || !follow {
			return err
		}
		select {
		case <-ctx.Done():
			return nil // interrupted, as is meant
		case <-wait.C:
		}
	}
}

// receipt implements [proving].
func (r *remote) receipt(ctx context.Context, id uuid.UUID) (receipt, event []byte, err error) {
	if receipt, err = client.Bytes(r.client.AuditReceipt(ctx, id.String())); err != nil {
		return nil, nil, err
	}
	event, err = client.Bytes(r.client.AuditEvent(ctx, id.String()))
	return receipt, event, err
}

// witnessed implements [proving].
func (r *remote) witnessed(ctx context.Context) ([]byte, error) {
	return client.Bytes(r.client.AuditCheckpoint(ctx))
}

// held implements [reading]. It is not told how many there are: it looks for the
// last that may be seen.
func (r *remote) held(ctx context.Context) (events uint64, err error) {
	d := &remoteDesk{&remote{&app{}, r.client}, ctx, nil}
	after := func(n uint64) (next uint64) { // the sequence of the first from n on, plus 1; 0: there is none
		for one, e := range d.AllLog(ctx, answers.LogFilter{From: n, Limit: 1}) {
			if err = e; err == nil {
				next = one.Sequence + 1
			}
		}
		return next
	}
	for step := uint64(1); step > 0 && err == nil; {
		if next := after(events + step - 1); next > 0 {
			events, step = next, 2*step
		} else {
			step /= 2
		}
	}
	return events, err
}
