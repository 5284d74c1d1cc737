package access

import (
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"github.com/entente-ledger/entente/domain/es"
)

// Decide says whether r is allowed. A policy that cannot be evaluated refuses.
//
// The stream of events is asked for once when it is opened (Follow, about no
// kind) and again for every event in it.
func (p *Policy) Decide(r Request) Decision {
	d := p.memo.of(r, p.decide)
	if !d.Allowed && r.Alone {
		r.Alone = false
		d.ApprovalNeeded = p.memo.of(r, p.decide).Allowed
	}
	return d
}

// Sees returns the most restricted visibility that who may read, such that
// all less restricted are read too; "" if who may read nothing. It is what
// lists are filtered by. Policies that depend on the kind or the stream are
// not in it: whoever serves a single record asks [Policy.Decide].
func (p *Policy) Sees(who Identity) es.Visibility {
	var most es.Visibility
	for _, v := range []es.Visibility{es.Public, es.Internal, es.Restricted} {
		if !p.memo.of(Request{Who: who, Action: Read, Visibility: v}, p.decide).Allowed {
			break
		}
		most = v
	}
	return most
}

func (p *Policy) decide(r Request) Decision {
	asked := cedar.Request{
		Principal: cedar.NewEntityUID("Identity", types.String(r.Who.ID)),
		Action:    cedar.NewEntityUID("Action", types.String(r.Action)),
		Resource:  cedar.NewEntityUID("Record", types.String(r.Stream)),
		Context:   r.context(),
	}
	answer, why := cedar.Authorize(p, pair{r.Who.entity(asked.Principal), r.record(asked.Resource)}, asked)
	d := Decision{Allowed: answer == cedar.Allow}
	for _, reason := range why.Reasons {
		d.Policies = append(d.Policies, string(reason.PolicyID))
	}
	if len(why.Errors) > 0 {
		d = Decision{}
		for _, failed := range why.Errors {
			d.Policies = append(d.Policies, string(failed.PolicyID))
		}
	}
	return d
}

// pair is all that a policy can look up: who asks, and what it is about.
type pair [2]types.Entity

func (p pair) Get(uid types.EntityUID) (types.Entity, bool) {
	for i := range p {
		if p[i].UID == uid {
			return p[i], true
		}
	}
	return types.Entity{}, false
}

func (who Identity) entity(uid types.EntityUID) types.Entity {
	roles := make([]types.EntityUID, len(who.Roles))
	for i, r := range who.Roles {
		roles[i] = cedar.NewEntityUID("Role", types.String(r))
	}
	return types.Entity{UID: uid, Parents: types.NewEntityUIDSet(roles...), Attributes: types.NewRecord(types.RecordMap{
		"for":   setOf(who.For),
		"reads": setOf(who.Reads),
	})}
}

// kind returns the kind of what r is about, also where only a stream or a
// command of it is given; "" if it is about none.
func (r Request) kind() string {
	if r.Kind != "" {
		return r.Kind
	}
	if kind, _, ok := strings.Cut(r.Stream, "-"); ok {
		return kind
	}
	kind, _, _ := strings.Cut(r.Command, ".")
	return kind
}

func (r Request) record(uid types.EntityUID) types.Entity {
	kind := r.kind()
	return types.Entity{UID: uid, Attributes: types.NewRecord(types.RecordMap{
		"kind":       entityOr("Kind", kind, none),
		"visibility": entityOr("Visibility", string(r.Visibility), string(r.unstated())),
		"concerns":   setOf(r.Concerns),
		"names":      setOf([]string{kind, r.Stream, r.Command}),
	})}
}

// unstated returns the visibility that counts where none is given: that of a
// list is public, since its rows are filtered, and that of a record internal.
func (r Request) unstated() es.Visibility {
	if r.Stream == "" && (r.Action == Read || r.Action == Follow) {
		return es.Public
	}
	return es.Internal
}

func (r Request) context() types.Record {
	command, verb := r.Command, ""
	if r.Action != Follow {
		_, verb, _ = strings.Cut(command, ".")
	} else {
		command = "" // it is the type of an event
	}
	return types.NewRecord(types.RecordMap{
		"command":  entityOr("Command", command, none),
		"verb":     entityOr("Verb", verb, none),
		"vouched":  types.Boolean(r.Vouched),
		"alone":    types.Boolean(r.Alone),
		"proposer": cedar.NewEntityUID("Identity", types.String(r.Proposer)),
	})
}

func entityOr(kind types.EntityType, id, otherwise string) types.EntityUID {
	if id == "" {
		id = otherwise
	}
	return cedar.NewEntityUID(kind, types.String(id))
}

// setOf returns the words as a set, without "".
func setOf(words []string) types.Set {
	values := make([]types.Value, 0, len(words))
	for _, w := range words {
		if w != "" {
			values = append(values, types.String(w))
		}
	}
	return types.NewSet(values...)
}
