package httpapi

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// format is a form in which questions are answered.
type format struct {
	name  string // in ?format=
	media string
	// file says that it is the whole of an answer, to be taken away, which the
	// policy has a word for; else it is a page.
	file bool
}

// The formats besides those of package export.
var (
	formatJSON   = format{name: "json", media: "application/json"}
	formatAtom   = format{name: "atom", media: "application/atom+xml"}
	formatEvents = format{name: "cloudevents", media: "application/cloudevents-batch+json"}
)

// exported returns a format of package export.
func exported(f export.Format) format { return format{string(f), f.MediaType(), true} }

// tables are the formats of every list.
func tables() []format {
	return []format{formatJSON, exported(export.NDJSON), exported(export.CSV), exported(export.XLSX)}
}

// with returns formats and others.
func with(all []format, others ...format) []format { return append(slices.Clone(all), others...) }

// chooseFormat returns the format that q is answered in: the one that it names,
// else of those that are accepted the one that is preferred.
func (q *asked) chooseFormat() (format, error) {
	if q.has("format") {
		for _, f := range q.of.formats {
			if f.name == q.text("format") {
				return f, nil
			}
		}
		return format{}, wanting(problem.NoFormat.Saying("this question has no answer in this format"), q.of.offers()).At("query format")
	}
	best, weight := format{}, 0.0
	for _, f := range q.of.formats {
		if w := preferenceOf(q.r, f.media); w > weight {
			best, weight = f, w
		}
	}
	if weight == 0 {
		return format{}, wanting(problem.NoFormat, q.of.offers()).At("header Accept")
	}
	return best, nil
}

// offers names the formats of a question.
func (qn *question) offers() string {
	names := make([]string, len(qn.formats))
	for i, f := range qn.formats {
		names[i] = f.name + " (" + f.media + ")"
	}
	return strings.Join(names, ", ")
}

// preference is the weight of a media type in what is accepted, from 0 to 1: that
// of the most specific range that it is in (RFC 9110, section 12.5.1). A type with
// a profile is in a range without one only if it is named with it.
func preference(accept, media string) float64 {
	media, own, _ := mime.ParseMediaType(media)
	kind, _, _ := strings.Cut(media, "/")
	best, weight := 0, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		given, params, err := mime.ParseMediaType(part)
		if err != nil || own["profile"] != params["profile"] {
			continue
		}
		specific := map[string]int{media: 3, kind + "/*": 2, "*/*": 1}[given]
		if specific > best {
			best, weight = specific, weightOf(params["q"])
		}
	}
	return weight
}

// weightOf reads a weight; none, or one that is none, is 1.
func weightOf(q string) float64 {
	w, err := strconv.ParseFloat(q, 64)
	if err != nil || w < 0 || w > 1 {
		return 1
	}
	return w
}

// preferenceOf is [preference] for a request, in which nothing accepts everything.
func preferenceOf(r *http.Request, media string) float64 {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if accept == "" {
		return 1
	}
	return preference(accept, media)
}
