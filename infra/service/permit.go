package service

import (
	"context"
	"errors"
	"reflect"
	"strings"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/access"
)

// matter is a command with what it is about.
type matter struct {
	cmd    es.Command
	kind   string
	parsed any    // the command as the Go type of its aggregate
	on     record // the stream
	// concerns are the parties and networks that the stream concerns; of one that
	// the command opens, those that it names.
	concerns []string
}

// examine finds out what cmd is about. It fails with [es.ErrInvalid] if that
// cannot be read.
func (s *Service) examine(ctx context.Context, cmd es.Command) (matter, error) {
	m := matter{cmd: cmd}
	m.kind, _, _ = strings.Cut(cmd.Name, ".")
	var err error
	if m.parsed, err = ledger.Parse(cmd); err != nil {
		return m, err
	}
	stream, err := ledger.StreamOf(cmd)
	if err != nil {
		return m, err
	}
	if m.on, err = s.record(ctx, stream); err != nil {
		return m, err
	}
	m.concerns = m.on.concerns
	if _, keyed := m.parsed.(es.Keyed); m.opens() || keyed && len(m.concerns) == 0 { // what was opened in error concerns nobody
		if f, ok := findingOf(m.parsed); ok {
			m.concerns, err = s.inherited(ctx, string(f.Stream))
		} else {
			m.concerns = named(m.parsed)
		}
	}
	return m, err
}

// opens reports whether there is no such stream yet.
func (m matter) opens() bool { return m.on.revision == 0 }

// reclassifies reports whether the command changes who may see the stream.
func (m matter) reclassifies() bool { return strings.HasSuffix(m.cmd.Name, ".reclassify") }

// visibility returns that of the stream; of one that is opened or reclassified,
// the one that is asked for, "" if none can be.
func (m matter) visibility() es.Visibility {
	if m.opens() || m.reclassifies() {
		return asked(reflect.ValueOf(m.parsed))
	}
	return m.on.visibility
}

// request is what is to be asked of the policy.
func (m matter) request(who access.Identity, action access.Action, alone bool) access.Request {
	r := access.Request{
		Who: who, Action: action, Kind: m.kind, Visibility: m.visibility(), Concerns: m.concerns,
		Command: m.cmd.Name, Vouched: !m.cmd.KnownAt.IsZero(), Alone: alone,
	}
	if !m.opens() {
		r.Stream = m.on.stream
	}
	return r
}

var visibility = reflect.TypeFor[es.Visibility]()

// asked returns the visibility that a command asks for, "" if it cannot ask for
// one.
func asked(v reflect.Value) es.Visibility {
	if v.Type() == visibility {
		return v.Interface().(es.Visibility)
	}
	if v.Kind() == reflect.Struct {
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue
			}
			if found := asked(v.Field(i)); found != "" {
				return found
			}
		}
	}
	return ""
}

// reads reports whether who may read a stream that is there.
func (s *Service) reads(who access.Identity, r record) bool {
	kind, _, _ := strings.Cut(r.stream, "-")
	return s.Policy.Decide(access.Request{
		Who: who, Action: access.Read, Kind: kind, Stream: r.stream, Visibility: r.visibility, Concerns: r.concerns,
	}).Allowed
}

// admit examines cmd for who. What who may not read is not there: neither the
// stream, nor what cmd refers to.
func (s *Service) admit(ctx context.Context, who access.Identity, cmd es.Command) (matter, error) {
	m, err := s.examine(ctx, cmd)
	if err != nil {
		return m, err
	}
	hidden := !m.opens() && !s.reads(who, m.on)
	if hidden || m.opens() && cmd.Stream != "" {
		err = s.unknown(ctx, m)
	}
	switch {
	case !hidden && err != nil:
		return m, err
	case hidden:
		if err == nil { // what it is about gives the stream its name, which cmd would open
			err = ErrDenied
		}
		return m, s.refuse(ctx, m.request(who, access.Read, false), err, access.Decision{})
	}
	return m, s.checkReferences(ctx, who, m)
}

// unknown returns what the ledger says to m on a stream that is not there.
func (s *Service) unknown(ctx context.Context, m matter) error {
	cmd := m.cmd
	cmd.Stream, cmd.Expect, cmd.DryRun = es.StreamName(m.kind, uuid.NewSHA1(cmd.ID, []byte("unknown"))), nil, true
	_, err := s.Ledger.Do(ctx, cmd)
	if errors.Is(err, otherStream) {
		return nil // what it is about gives its stream its name
	}
	return err
}

var otherStream = &es.Error{Code: "es.other_stream"}

// checkReferences fails as the ledger does if m refers to what is not there, or
// to what who may not read. Of who reads everything the ledger sees to it.
func (s *Service) checkReferences(ctx context.Context, who access.Identity, m matter) error {
	read := map[terms.Reference]bool{}
	for field, ref := range ledger.References(m.parsed) {
		stream, at := ref.Target()
		if stream == "" || stream == m.on.stream || read[ref] {
			continue
		}
		if len(read) == 0 && s.Policy.Decide(access.Request{Who: who, Action: access.Read, Visibility: es.Restricted}).Allowed {
			return nil
		}
		r, err := s.record(ctx, stream)
		if err != nil {
			return err
		}
		if r.revision < max(at, 1) || !s.reads(who, r) {
			return ledger.UnknownReference(stream, at).At(field)
		}
		read[ref] = true
	}
	return nil
}

// ask fails with [ErrDenied] or [ErrApprovalNeeded] unless the policy allows r.
func (s *Service) ask(ctx context.Context, r access.Request) error {
	d := s.Policy.Decide(r)
	switch {
	case d.Allowed:
		return nil
	case d.ApprovalNeeded:
		return s.refuse(ctx, r, ErrApprovalNeeded, d)
	default:
		return s.refuse(ctx, r, ErrDenied, d)
	}
}

// refuse returns err, of which the journal is told.
func (s *Service) refuse(ctx context.Context, r access.Request, err error, d access.Decision) error {
	e, ok := errors.AsType[*es.Error](err)
	if !ok {
		return err
	}
	if failed := s.Journal.Denied(ctx, r, e.Code, d); failed != nil {
		return errors.Join(err, failed)
	}
	return err
}
