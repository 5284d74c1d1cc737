package tlog

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"github.com/entente-ledger/entente/domain/es"
)

const (
	stampsFolder = "timestamps"
	maxStamp     = 256 << 10 // bytes of an authority's answer
	stampEvery   = 24 * time.Hour
)

// Authority is a time stamping authority (RFC 3161).
type Authority struct {
	URL string
	// Roots are the certificates that its own must lead to; nil is none that is
	// known, and then a stamp shows only that its signer agrees with itself.
	Roots *x509.CertPool
	// Client posts to it; nil is http.DefaultClient.
	Client *http.Client
}

// Stamp is that a checkpoint existed at a time.
type Stamp struct {
	Size int64
	Time time.Time // by the authority's clock
	// By is the subject of the certificate that signed.
	By string
	// Trusted reports whether that certificate leads to one of the roots.
	Trusted bool
}

// Stamp has an authority stamp the published checkpoint, and keeps the answer in
// the folder timestamps, as SIZE.tsr, beside what is stamped, SIZE.checkpoint:
//
//	openssl ts -verify -in SIZE.tsr -data SIZE.checkpoint -CAfile ROOTS
//
// An answer that does not verify is not kept. If the checkpoint has a stamp, or
// the last one is less than a day older than now, it returns that.
func (d Dir) Stamp(ctx context.Context, a Authority, now time.Time) (Stamp, error) {
	last, found, err := d.lastStamp(a.Roots)
	if err != nil || found && now.Sub(last.Time) < stampEvery {
		return last, err
	}
	text, err := d.Published()
	if errors.Is(err, fs.ErrNotExist) {
		return Stamp{}, es.NotFound("tlog.none", "nothing is sealed yet in "+string(d))
	}
	if err != nil {
		return Stamp{}, err
	}
	c, err := d.published()
	if err != nil {
		return Stamp{}, err
	}
	size := int64(c.Size)
	if found && last.Size == size {
		return last, nil
	}
	answer, err := a.request(ctx, text)
	if err != nil {
		return Stamp{}, err
	}
	s, err := verifyStamp(answer, text, a.Roots)
	if err != nil {
		return Stamp{}, err
	}
	s.Size = size
	// what is stamped comes first: a stamp of nothing could not be verified
	for _, f := range []struct {
		suffix string
		data   []byte
	}{{".checkpoint", text}, {".tsr", answer}} {
		if err := d.replace(d.stampPath(size)+f.suffix, f.data); err != nil {
			return Stamp{}, fmt.Errorf("keep a time stamp: %w", err)
		}
	}
	return s, syncFolder(filepath.Join(string(d), stampsFolder))
}

func (d Dir) stampPath(size int64) string {
	return filepath.Join(string(d), stampsFolder, strconv.FormatInt(size, 10))
}

// request asks for a stamp, with a nonce that the answer must have.
func (a Authority) request(ctx context.Context, text []byte) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, fmt.Errorf("ask for a time stamp: %w", err)
	}
	query, err := timestamp.CreateRequest(bytes.NewReader(text), &timestamp.RequestOptions{Hash: crypto.SHA256, Certificates: true, Nonce: nonce})
	if err != nil {
		return nil, fmt.Errorf("ask for a time stamp: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, bytes.NewReader(query))
	if err != nil {
		return nil, es.Invalid("tlog.bad_authority", "the time stamping authority cannot be asked: "+err.Error(), "its URL")
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	client := a.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask for a time stamp: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxStamp))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, fmt.Errorf("ask for a time stamp: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask for a time stamp: %s answered %s", a.URL, resp.Status)
	}
	ts, err := timestamp.ParseResponse(answer)
	if err != nil {
		return nil, fmt.Errorf("ask for a time stamp: %w", err)
	}
	if ts.Nonce == nil || ts.Nonce.Cmp(nonce) != 0 {
		return nil, errors.New("ask for a time stamp: the answer is to another question")
	}
	return answer, nil
}

// verifyStamp checks that a stamp is of a text, and signed by the certificate in
// it, which must be one for time stamps; with roots, that it led to one of them
// when it was made.
func verifyStamp(answer, text []byte, roots *x509.CertPool) (Stamp, error) {
	ts, err := timestamp.ParseResponse(answer)
	if err != nil {
		return Stamp{}, fmt.Errorf("the time stamp is damaged: %w", err)
	}
	// ParseResponse verifies a signature only if there is a certificate
	signed, err := pkcs7.Parse(ts.RawToken)
	if err != nil {
		return Stamp{}, fmt.Errorf("the time stamp is damaged: %w", err)
	}
	signer := signed.GetOnlySigner()
	if signer == nil {
		return Stamp{}, errors.New("the time stamp has not the certificate of one signer")
	}
	if err := signed.Verify(); err != nil {
		return Stamp{}, fmt.Errorf("the signature of the time stamp does not verify: %w", err)
	}
	if hash := sha256.Sum256(text); ts.HashAlgorithm != crypto.SHA256 || !bytes.Equal(ts.HashedMessage, hash[:]) {
		return Stamp{}, errors.New("the time stamp is of something else")
	}
	if !slices.Contains(signer.ExtKeyUsage, x509.ExtKeyUsageTimeStamping) {
		return Stamp{}, errors.New("the certificate of the time stamp is not one for time stamps")
	}
	s := Stamp{Time: ts.Time.UTC(), By: signer.Subject.String()}
	if roots == nil {
		return s, nil
	}
	between := x509.NewCertPool()
	for _, c := range ts.Certificates {
		between.AddCert(c)
	}
	_, err = signer.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: ts.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err != nil {
		return Stamp{}, fmt.Errorf("the authority of the time stamp is none of those that are trusted: %w", err)
	}
	s.Trusted = true
	return s, nil
}

// lastStamp returns the stamp of the largest checkpoint that has one.
func (d Dir) lastStamp(roots *x509.CertPool) (s Stamp, found bool, err error) {
	sizes, err := d.stamped()
	if err != nil || len(sizes) == 0 {
		return Stamp{}, false, err
	}
	size := sizes[len(sizes)-1]
	text, err := os.ReadFile(d.stampPath(size) + ".checkpoint")
	answer, err2 := os.ReadFile(d.stampPath(size) + ".tsr")
	if err := errors.Join(err, err2); err != nil {
		return Stamp{}, false, fmt.Errorf("read a time stamp: %w", err)
	}
	s, err = verifyStamp(answer, text, roots)
	s.Size = size
	return s, err == nil, nil // one that does not verify is asked for again
}

// stamped returns the sizes of the checkpoints that have a stamp, in order.
func (d Dir) stamped() (sizes []int64, err error) {
	all, err := os.ReadDir(filepath.Join(string(d), stampsFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the time stamps: %w", err)
	}
	for _, e := range all {
		name, isStamp := strings.CutSuffix(e.Name(), ".tsr")
		if size, err := strconv.ParseInt(name, 10, 64); err == nil && isStamp {
			sizes = append(sizes, size)
		}
	}
	slices.Sort(sizes)
	return sizes, nil
}

// BadStamp is a time stamp that does not verify.
type BadStamp struct {
	Size int64
	Err  error // a sentence
}

// VerifyTimestamps verifies every stamp in the folder: that it is of the
// checkpoint beside it, which one of the logs signed; that this is of the log
// whose tree same reports on, nil for not asking; and the signature, to roots
// unless that is nil.
func VerifyTimestamps(d Dir, c Chain, roots *x509.CertPool, same func(Checkpoint) error) (good []Stamp, bad []BadStamp, err error) {
	sizes, err := d.stamped()
	if err != nil {
		return nil, nil, err
	}
	for _, size := range sizes {
		s, err := d.verifyTimestamp(size, c, roots, same)
		if err != nil {
			bad = append(bad, BadStamp{size, err})
			continue
		}
		good = append(good, s)
	}
	return good, bad, nil
}

func (d Dir) verifyTimestamp(size int64, c Chain, roots *x509.CertPool, same func(Checkpoint) error) (Stamp, error) {
	answer, err := os.ReadFile(d.stampPath(size) + ".tsr")
	if err != nil {
		return Stamp{}, fmt.Errorf("the time stamp of the checkpoint of %d events cannot be read: %w", size, err)
	}
	text, err := os.ReadFile(d.stampPath(size) + ".checkpoint")
	if err != nil {
		return Stamp{}, fmt.Errorf("the checkpoint of %d events that was time-stamped cannot be read: %w", size, err)
	}
	s, err := verifyStamp(answer, text, roots)
	if err != nil {
		return Stamp{}, err
	}
	stamped, err := c.Checkpoint(text)
	if err == nil && stamped.Tree.N != size {
		err = fmt.Errorf("the file %d.checkpoint is of %d events", size, stamped.Tree.N)
	}
	if err == nil && same != nil {
		err = same(stamped)
	}
	s.Size = size
	return s, err
}
