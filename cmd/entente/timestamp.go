package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tlog"
)

// stampTimeout is how long an authority has to answer.
const stampTimeout = 30 * time.Second

// stamped is a time stamp, as JSON.
type stamped struct {
	Size    int64  `json:"size"` // of the checkpoint
	Time    string `json:"time"`
	By      string `json:"by"`
	Trusted bool   `json:"trusted"` // whether it leads to a root in tsa.pem
}

func (a *app) timestampCommand() *cobra.Command {
	var url string
	c := &cobra.Command{
		Use:   "timestamp",
		Short: "Have the last checkpoint time-stamped, unless one was within a day (RFC 3161)",
		Long: "Have the last checkpoint of the transparency log time-stamped by an authority: the one whose URL is in the file tsa\n" +
			"of the folder of --data, if --tsa names none. Certificates that it must lead to are in tsa.pem there (PEM). Stamp\n" +
			"and checkpoint are kept in tlog/timestamps, where `openssl ts -verify` verifies them too.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			tsa, err := a.authority(url)
			if err != nil {
				return err
			}
			if tsa.URL == "" {
				return usage("no time stamping authority is known", "--tsa URL, or the URL in "+a.authorityFile())
			}
			s, err := a.stamp(cmd.Context(), tsa)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(stamped{s.Size, es.FormatInstant(s.Time), s.By, s.Trusted})
			}
			trust := ""
			if !s.Trusted {
				trust = ", whom no root in tsa.pem vouches for"
			}
			return a.printf("the checkpoint of %d events was stamped at %s by %s%s\n", s.Size, instant(s.Time), s.By, trust)
		},
	}
	c.Flags().StringVar(&url, "tsa", "", "URL of the time stamping authority")
	return c
}

// authorityFile holds the URL of the time stamping authority, in a line.
func (a *app) authorityFile() string { return filepath.Join(a.data, "tsa") }

// authority returns the time stamping authority: with a URL, or as the folder
// says. Its URL is "" if there is none.
func (a *app) authority(url string) (tlog.Authority, error) {
	tsa := tlog.Authority{URL: url, Client: &http.Client{}}
	if url == "" {
		text, err := os.ReadFile(a.authorityFile())
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return tsa, fmt.Errorf("read the time stamping authority: %w", err)
		}
		tsa.URL = strings.TrimSpace(string(text))
	}
	text, err := os.ReadFile(a.authorityFile() + ".pem")
	if errors.Is(err, fs.ErrNotExist) {
		return tsa, nil
	}
	if err != nil {
		return tsa, fmt.Errorf("read the roots of the time stamping authority: %w", err)
	}
	if tsa.Roots = x509.NewCertPool(); !tsa.Roots.AppendCertsFromPEM(text) {
		return tsa, es.Invalid("cli.bad_roots", a.authorityFile()+".pem holds no certificate", "certificates (PEM)")
	}
	return tsa, nil
}

func (a *app) stamp(ctx context.Context, tsa tlog.Authority) (tlog.Stamp, error) {
	ctx, cancel := context.WithTimeout(ctx, stampTimeout)
	defer cancel()
	return a.logDir().Stamp(ctx, tsa, time.Now())
}
