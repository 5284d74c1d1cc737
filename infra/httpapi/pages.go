package httpapi

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

//go:embed pages
var pages embed.FS

// contentPolicy lets a page load its style from here, and nothing else.
const contentPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// pages adds the API's description and the catalogue of errors for people: pages
// made here, without scripts, that load nothing from elsewhere.
func (a *API) pages() error {
	t, err := template.ParseFS(pages, "pages/*.html")
	if err != nil {
		return fmt.Errorf("read the pages: %w", err)
	}
	style, err := pages.ReadFile("pages/style.css")
	if err != nil {
		return fmt.Errorf("read the pages: %w", err)
	}
	all, err := explanations()
	if err != nil {
		return err
	}
	p := pageWriter{a, t}
	a.Handle("GET /docs/style.css", Anybody, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(style)
	}))
	a.Handle("GET /docs", Anybody, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.write(w, r, "docs.html", a.overview())
	}))
	a.Handle("GET /docs/{operation}", Anybody, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		op, ok := a.operation(r.PathValue("operation"))
		if !ok {
			a.Refuse(w, r, problem.NoRoute)
			return
		}
		p.write(w, r, "operation.html", op)
	}))
	a.Handle("GET /errors", Anybody, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.write(w, r, "errors.html", all) }))
	a.Handle("GET /errors/{code}", Anybody, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := slices.IndexFunc(all, func(e explanation) bool { return e.Code == r.PathValue("code") })
		if i < 0 {
			a.Refuse(w, r, problem.NoRoute)
			return
		}
		p.write(w, r, "error.html", all[i])
	}))
	return nil
}

type pageWriter struct {
	api       *API
	templates *template.Template
}

func (p pageWriter) write(w http.ResponseWriter, r *http.Request, name string, view any) {
	var text bytes.Buffer
	if err := p.templates.ExecuteTemplate(&text, name, view); err != nil {
		p.api.Refuse(w, r, fmt.Errorf("make the page %s: %w", name, err))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(text.Bytes()) // whoever asked may be gone
}
