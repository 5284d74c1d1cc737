package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/bcrypt"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

func (a *app) storeCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "store",
		Short: "Serve the event store to other processes and programs",
		RunE: func(*cobra.Command, []string) error {
			return usage("what is to be done with the store?", "entente store serve")
		},
	}
	c.AddCommand(a.storeServeCommand())
	return c
}

// serving is how a store is to be served.
type serving struct {
	listen, cert, key, users string
	insecure                 bool
}

func (a *app) storeServeCommand() *cobra.Command {
	var s serving
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the event store in the folder over the protocol of EventStoreDB, until interrupted",
		Long: "Serve the event store in the folder of --data over the protocol of EventStoreDB, so that several nodes share\n" +
			"one log, and clients of EventStoreDB in any language read and follow it, and keep streams of their own in it.\n\n" +
			"The ledger's streams accept appends only from the ledger's own credential, which is in the file\n" +
			credentialFile + " of the folder; a node presents it if $" + credentialVariable + " names a copy of that file.\n\n" +
			"--users is a file with a line name:hash for each user, as `htpasswd -B` writes them; without it everyone may read.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.store != "" {
				return usage("a store that is served is in a folder", "--data, without --store")
			}
			return a.serveStore(cmd.Context(), s)
		},
	}
	flags := c.Flags()
	flags.StringVar(&s.listen, "listen", "127.0.0.1:2113", "address to listen on")
	flags.StringVar(&s.cert, "tls-cert", "", "file with the server's certificate chain (PEM)")
	flags.StringVar(&s.key, "tls-key", "", "file with its private key (PEM)")
	flags.StringVar(&s.users, "users", "", "file of who is let in, a line name:hash for each")
	flags.BoolVar(&s.insecure, "insecure", false, "allow an address that others can reach without TLS and without users")
	return c
}

// credentialFile is in the folder of a store that is served.
const credentialFile = "ledger.credential" //nolint:gosec // a name

func (a *app) serveStore(ctx context.Context, s serving) (err error) {
	o := esdbwire.Options{Logger: slog.New(slog.NewTextHandler(a.errs, nil))}
	if o.TLS, err = s.tls(); err != nil {
		return err
	}
	if o.Users, err = readUsers(s.users); err != nil {
		return err
	}
	var l net.Listener
	if l, err = s.open(ctx); err != nil {
		return err
	}
	defer func() { _ = l.Close() }() // served or not; Serve has closed it
	store, err := embedded.Open(ctx, a.data, embedded.Options{Logger: o.Logger})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	file := filepath.Join(a.data, credentialFile)
	if o.Ledger, err = ownCredential(file); err != nil {
		return err
	}
	scheme, query := "esdb://", "?tls=false"
	if o.TLS != nil {
		query = ""
	}
	at := scheme + l.Addr().String() + query
	if a.json {
		err = a.printJSON(map[string]string{"data": a.data, "url": at, "credential": file})
	} else {
		err = a.printf("serving %s at %s\nfor recording, let %s name %s\n", a.data, at, credentialVariable, file)
	}
	return errors.Join(err, esdbwire.New(store, o).Serve(ctx, l))
}

// open listens, unless others could reach what is not secured.
func (s serving) open(ctx context.Context) (net.Listener, error) {
	host, _, err := net.SplitHostPort(s.listen)
	if err != nil {
		return nil, usage("--listen: "+err.Error(), "an address and a port, such as 127.0.0.1:2113")
	}
	ip := net.ParseIP(host)
	local := host == "localhost" || ip != nil && ip.IsLoopback()
	if !local && !s.insecure && (s.cert == "" || s.users == "") {
		return nil, es.Invalid("cli.not_secured", "others can reach "+s.listen+", and it is not secured",
			"--tls-cert, --tls-key and --users; or an address of this machine alone; or --insecure, in a network that you trust")
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return nil, &es.Error{Kind: es.ErrConflict, Code: "cli.cannot_listen", Message: err.Error(), Want: "--listen with an address that is free"}
	}
	return l, nil
}

func (s serving) tls() (*tls.Config, error) {
	if s.cert == "" && s.key == "" {
		return nil, nil //nolint:nilnil // nil is no TLS
	}
	pair, err := tls.LoadX509KeyPair(s.cert, s.key)
	if err != nil {
		return nil, usage("the certificate cannot be used: "+err.Error(), "--tls-cert and --tls-key with a pair of PEM files")
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// readUsers reads a file of name:hash; nil if there is none.
func readUsers(path string) (map[string][]byte, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // nil is everyone
	}
	bad := func(message string) error {
		return es.Invalid("cli.bad_users", message, "a line name:hash for each user, with a bcrypt hash, as `htpasswd -B` writes them")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, bad("the users cannot be read: " + err.Error())
	}
	defer func() { _ = file.Close() }() // it was only read
	users := map[string][]byte{}
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, hash, found := strings.Cut(line, ":")
		if _, err := bcrypt.Cost([]byte(hash)); !found || name == "" || err != nil {
			return nil, bad(fmt.Sprintf("line %d of %s is no user", n, path))
		}
		users[name] = []byte(hash)
	}
	if err := lines.Err(); err != nil {
		return nil, bad("the users cannot be read: " + err.Error())
	}
	return users, nil
}

// ownCredential returns the credential in a file, which it makes if there is
// none: the name ledger, and 128 random bits.
func ownCredential(file string) (esdbwire.Credential, error) {
	_, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		var secret [16]byte
		_, _ = rand.Read(secret[:]) // never fails
		if err := os.WriteFile(file, []byte("ledger:"+hex.EncodeToString(secret[:])+"\n"), 0o600); err != nil {
			return esdbwire.Credential{}, fmt.Errorf("write the ledger's credential: %w", err)
		}
	}
	name, password, err := readCredential(file)
	return esdbwire.Credential{Name: name, Password: password}, err
}
