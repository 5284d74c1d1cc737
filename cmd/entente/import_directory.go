package main

import (
	"context"
	"errors"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/infra/intake"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// directory finds parties in the views, as they are held now.
type directory struct{ *opened }

// Identified implements [intake.Directory].
func (d directory) Identified(ctx context.Context, scheme, value string) ([]intake.Known, error) {
	return d.all(ctx, func(conn *sqlite.Conn) ([]parties.Party, error) {
		return parties.ByIdentifier(conn, party.Identifier{Scheme: party.Scheme(scheme), Value: value}, readmodel.At{})
	})
}

// Named implements [intake.Directory].
func (d directory) Named(ctx context.Context, key, country string) ([]intake.Known, error) {
	return d.all(ctx, func(conn *sqlite.Conn) ([]parties.Party, error) {
		found, err := parties.ByName(conn, key, readmodel.At{})
		var in []parties.Party
		for _, p := range found {
			if country == "" || p.Country == "" || string(p.Country) == country {
				in = append(in, p)
			}
		}
		return in, err
	})
}

// Get implements [intake.Directory].
func (d directory) Get(ctx context.Context, id string) (intake.Known, error) {
	all, err := d.all(ctx, func(conn *sqlite.Conn) ([]parties.Party, error) {
		p, err := parties.Get(conn, id, readmodel.At{})
		if errors.Is(err, es.ErrNotFound) || err == nil && !p.Exists {
			return nil, nil
		}
		return []parties.Party{p}, err
	})
	if err != nil || len(all) == 0 {
		return intake.Known{}, err
	}
	return all[0], nil
}

func (d directory) all(ctx context.Context, find func(conn *sqlite.Conn) ([]parties.Party, error)) (all []intake.Known, err error) {
	err = d.read(ctx, func(conn *sqlite.Conn) error {
		found, err := find(conn)
		if err != nil {
			return err
		}
		for _, p := range found {
			if p, err = parties.Get(conn, p.Stream, readmodel.At{}); err != nil {
				return err
			}
			k := intake.Known{Stream: p.Stream, Title: p.Title.Value, Identifiers: p.Identifiers, Kind: p.Kind}
			for _, r := range p.Relations {
				if r.What == parties.LinkedTo && !r.Back {
					k.Instead = string(r.To)
				}
			}
			all = append(all, k)
		}
		return nil
	})
	return all, err
}

// cited calls visit with each stream that has an event read in a source.
func (l *opened) cited(ctx context.Context, source string, visit func(stream string) error) error {
	return l.read(ctx, func(conn *sqlite.Conn) error { return history.Citing(conn, source, readmodel.At{}, visit) })
}
