package service_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/service"
	"github.com/entente-ledger/entente/projections"
)

var noon = time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC)

// desk is a service over a ledger with two cities, an agreement of the first,
// and somebody in each role.
type desk struct {
	testing.TB
	*service.Service
	store   *faulty
	journal *journal
	dir     string // of the views
	given   int

	ancona, ikoma, pact string

	mu     sync.Mutex
	people map[string]access.Identity
}

// journal remembers what was refused: who, the command, the code.
type journal struct {
	mu      sync.Mutex
	refused []string
	broken  error
}

func (j *journal) Denied(_ context.Context, r access.Request, code string, _ access.Decision) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.refused = append(j.refused, fmt.Sprintf("%s %s %s", r.Who.ID, r.Command, code))
	return j.broken
}

var errBroken = errors.New("the disk is gone")

// faulty is a store of which one append fails, counted down to, before it was
// done or after.
type faulty struct {
	es.Store
	mu    sync.Mutex
	until int // appends until one fails; 0: none does
	after bool
	done  func() // if set, called after each append
}

func (f *faulty) Append(ctx context.Context, stream string, at es.Revision, recs ...es.Record) (es.Position, error) {
	f.mu.Lock()
	f.until--
	fails, after := f.until == 0, f.after
	f.mu.Unlock()
	if fails && !after {
		return 0, errBroken
	}
	p, err := f.Store.Append(ctx, stream, at, recs...)
	if f.done != nil {
		f.done()
	}
	if fails && err == nil {
		return 0, errBroken
	}
	return p, err
}

// breakAt has the n-th append from now on fail.
func (f *faulty) breakAt(n int, after bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.until, f.after = n, after
}

const (
	registrar, ada, ida, ben, cai = "id-registrar", "id-ada", "id-ida", "id-ben", "id-cai"
	reader, auditor, follower     = "id-reader", "id-auditor", "id-follower"
	admin                         = "id-admin"
)

func newDesk(t testing.TB) *desk {
	d := &desk{TB: t, dir: t.TempDir(), store: &faulty{Store: memory.Open()}, journal: &journal{}}
	l, err := ledger.Open(t.Context(), d.store, func() time.Time { return noon }, func() [16]byte { return uuid.New() },
		ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: registrar})
	require.NoError(t, err)
	policy, err := access.Default()
	require.NoError(t, err)
	d.Service = &service.Service{
		Ledger: l, Views: projections.OpenViews(d.dir), Policy: policy, Identity: d.identity, Journal: d.journal, Now: func() time.Time { return noon },
	}
	t.Cleanup(func() { require.NoError(t, d.Views.Close()) })
	d.people = map[string]access.Identity{}
	for id, role := range map[string]access.Role{
		registrar: access.RoleRegistrar, ada: access.RoleClerk, ida: access.RoleClerk, ben: access.RoleApprover, cai: access.RoleApprover,
		reader: access.RoleReader, auditor: access.RoleAuditor, follower: access.RoleIntegrator, admin: access.RoleAdministrator,
	} {
		d.people[id] = access.Identity{ID: id, Roles: []access.Role{role}}
	}
	d.people[access.AnonymousID] = access.Anonymous()
	d.ancona = d.must(registrar, "party.register", "", `{"kind":"municipality","name":{"lang":"it","value":"Ancona"}}`)
	d.ikoma = d.must(registrar, "party.register", "", `{"kind":"municipality","name":{"lang":"en","value":"Ikoma"}}`)
	d.pact = d.agreement("internal", d.ancona)
	d.grant(ada, func(who *access.Identity) { who.For = []string{d.ancona} })
	d.grant(ida, func(who *access.Identity) { who.For = []string{d.ikoma} })
	return d
}

func (d *desk) identity(_ context.Context, id string) (access.Identity, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	who, ok := d.people[id]
	if !ok {
		return access.Identity{}, es.NotFound("access.no_identity", "there is no identity "+id)
	}
	return who, nil
}

func (d *desk) who(id string) access.Identity {
	d.Helper()
	who, err := d.identity(d.Context(), id)
	require.NoError(d, err)
	return who
}

func (d *desk) grant(id string, change func(who *access.Identity)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	who := d.people[id]
	change(&who)
	d.people[id] = who
}

func (d *desk) command(name, stream, payload string) es.Command {
	d.given++
	return es.Command{ID: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, d.given)), Name: name, Stream: stream, Payload: []byte(payload)}
}

func (d *desk) must(who, name, stream, payload string) string {
	d.Helper()
	res, err := d.Do(d.Context(), d.who(who), d.command(name, stream, payload))
	require.NoError(d, err)
	require.NotEmpty(d, res.Events)
	return res.Stream
}

// agreement is one that parties are named in, open for signature.
func (d *desk) agreement(visibility string, parties ...string) string {
	d.Helper()
	return d.must(registrar, "memorandum.draft", "", draft(visibility, parties...))
}

func draft(visibility string, parties ...string) string {
	named := ""
	for _, p := range parties {
		named += fmt.Sprintf(`,{"id":%q}`, p)
	}
	if named != "" {
		named = named[1:]
	}
	return fmt.Sprintf(`{"kind":"mou","titles":[{"lang":"en","value":"Pact"}],"open":true,"visibility":%q,"parties":[%s]}`, visibility, named)
}

func sign(party string) string { return fmt.Sprintf(`{"party":{"id":%q}}`, party) }

// catchUp brings the views up to what is recorded.
func (d *desk) catchUp() {
	d.Helper()
	r, err := projections.Open(projections.Config{Dir: d.dir, Store: d.store})
	require.NoError(d, err)
	require.NoError(d, r.CatchUp(d.Context()))
	require.NoError(d, r.Close())
}

// fresh is the service as it is after a start.
func (d *desk) fresh() *service.Service {
	return &service.Service{Ledger: d.Ledger, Views: d.Views, Policy: d.Policy, Identity: d.identity, Journal: d.journal, Now: d.Now}
}

// resume has the service carry out what was left when it starts.
func (d *desk) resume() error {
	d.Helper()
	d.catchUp()
	return d.fresh().Resume(d.Context())
}

// records returns what is in a stream, with the metadata.
func (d *desk) records(stream string) (recs []es.Record, metas []es.Meta) {
	d.Helper()
	for r, err := range d.store.ReadStream(context.Background(), stream, 0) {
		require.NoError(d, err)
		m, err := es.DecodeMeta(r.Meta)
		require.NoError(d, err)
		recs, metas = append(recs, r), append(metas, m)
	}
	return recs, metas
}

// types are the types of the events in a stream.
func (d *desk) types(stream string) []string {
	d.Helper()
	var all []string
	recs, _ := d.records(stream)
	for _, r := range recs {
		all = append(all, r.Type)
	}
	return all
}

func code(code string) error { return &es.Error{Code: code} }
