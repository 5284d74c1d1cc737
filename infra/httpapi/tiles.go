package httpapi

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// The names of the files of a log, as [tlog.Dir] documents them.
var (
	logFile   = regexp.MustCompile(`^(checkpoint|log\.vkey|keys|witnessed|timestamps/[0-9]+\.(tsr|checkpoint)|tile/([0-9]{1,2}|entries)/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]{1,3})?)$`)
	immutable = regexp.MustCompile(`^(tile|timestamps)/`)
)

// tiles adds /tlog/, the files of the transparency log as C2SP tlog-tiles has them:
// what never changes is cached for good, the checkpoint is asked for anew.
func (a *API) tiles() {
	if a.cfg.Log != "" {
		action := access.Audit
		if a.cfg.LogIsPublic {
			action = Anybody
		}
		a.Handle("GET /tlog/{file...}", action, http.HandlerFunc(a.tile))
	}
}

func (a *API) tile(w http.ResponseWriter, r *http.Request) {
	if err := a.serveTile(w, r, r.PathValue("file")); err != nil {
		a.Refuse(w, r, err)
	}
}

func (a *API) serveTile(w http.ResponseWriter, r *http.Request, name string) error {
	cache := "private"
	if a.cfg.LogIsPublic {
		cache = "public"
	} else if err := a.cfg.Permissions.Allow(r.Context(), access.Request{Who: front.Who(r.Context()), Action: access.Audit}); err != nil {
		return err
	}
	if !logFile.MatchString(name) {
		return problem.NoRoute
	}
	f, err := os.Open(filepath.Join(string(a.cfg.Log), filepath.FromSlash(name))) //nolint:gosec // the name is one of those that match
	if errors.Is(err, fs.ErrNotExist) {
		return problem.NoRoute
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return problem.NoRoute
	}
	h := w.Header()
	switch {
	case immutable.MatchString(name):
		h.Set("Cache-Control", cache+", max-age=31536000, immutable")
	default:
		h.Set("Cache-Control", cache+", no-cache")
	}
	h.Set("Content-Type", "application/octet-stream")
	if !strings.HasPrefix(name, "tile/") && !strings.HasSuffix(name, ".tsr") {
		h.Set("Content-Type", "text/plain; charset=utf-8")
	}
	http.ServeContent(w, r, "", info.ModTime(), f)
	return nil
}
