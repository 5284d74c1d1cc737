package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/projections/chronicle"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// headings are the headings of a report as people read them.
var headings = map[chronicle.Heading]string{
	chronicle.Signed:         "Agreements signed (by the first of their parties)",
	chronicle.Signatures:     "Signatures",
	chronicle.InForce:        "Agreements that entered into force",
	chronicle.InForceFor:     "Entries into force for a party",
	chronicle.Ended:          "Agreements that ended",
	chronicle.Withdrawals:    "Withdrawals from agreements",
	chronicle.Joined:         "Members that joined",
	chronicle.Rested:         "Memberships suspended or put on hold",
	chronicle.Left:           "Members that left",
	chronicle.Held:           "Activities held",
	chronicle.PlansCompleted: "Plans completed",
	chronicle.Milestones:     "Milestones reached",
	chronicle.Targets:        "Targets reached",
	chronicle.Overdue:        "Overdue on the last day",
}

func (a *app) printReport(d answering, w readmodel.Within, format string) error {
	r, err := d.Report(w)
	if err != nil {
		return err
	}
	switch {
	case a.json:
		return a.printJSON(r)
	case format == "csv":
		return a.reportCSV(r.Headings)
	}
	about, err := d.Name(r.About)
	if err != nil {
		return err
	}
	s := reportSheet{printer: &printer{app: a}, markdown: format == "markdown"}
	s.head(r, about)
	s.overview(r.Headings)
	for _, one := range r.Headings {
		s.section(one)
	}
	if marks := a.explainMarks(); marks != "" {
		s.line("")
		s.line("%s", s.plain(marks))
	}
	return s.err
}

// reportSheet is a report that is being printed. The first error stops it.
type reportSheet struct {
	*printer
	markdown bool
}

// plain is a text as it is written, in Markdown without any meaning there.
func (s *reportSheet) plain(text string) string {
	if !s.markdown {
		return text
	}
	return markdownText.Replace(text)
}

var markdownText = strings.NewReplacer("\n", " ", "\r", " ", "&", "&amp;", "<", "&lt;", `\`, `\\`, "|", `\|`, "`", "\\`",
	"*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`)

// title prints a heading of a level, from 1.
func (s *reportSheet) title(level int, text string) {
	if s.markdown {
		text = strings.Repeat("#", level) + " " + s.plain(text)
	}
	s.line("%s", text)
	if s.markdown {
		s.line("")
	}
}

func (s *reportSheet) rows(t table) {
	if !s.markdown {
		s.table(t)
		return
	}
	s.line("| %s |", strings.Join(t.head, " | "))
	s.line("|%s", strings.Repeat("---|", len(t.head)))
	for _, row := range t.rows {
		s.line("| %s |", strings.Join(objects(row, s.plain), " | "))
	}
}

func (s *reportSheet) head(r answers.Report, about string) {
	title := fmt.Sprintf("Report from %s to %s", r.From, r.To)
	if about != "" {
		title += ": " + about
	}
	s.title(1, title)
	at := s.app.at
	if !at.Known.IsZero() {
		s.line("%s", s.plain("as known at "+es.FormatInstant(at.Known)))
	}
	if !at.Recorded.IsZero() {
		s.line("%s", s.plain("as recorded at "+es.FormatInstant(at.Recorded)))
	}
	if at.Events > 0 {
		s.line("as recorded after event #%d", at.Events-1)
	}
}

// overview prints the counts.
func (s *reportSheet) overview(sections []answers.Section) {
	t := table{head: []string{"WHAT", "COUNT", "PERHAPS"}}
	for _, one := range sections {
		t.add(headings[one.Heading], strconv.Itoa(one.Count), strconv.Itoa(one.Perhaps))
	}
	if s.app.at != (readmodel.At{}) || !s.markdown {
		s.line("")
	}
	s.rows(t)
}

// section prints what is under a heading, if there is anything.
func (s *reportSheet) section(one answers.Section) {
	if len(one.Entries) == 0 {
		return
	}
	s.line("")
	s.title(2, fmt.Sprintf("%s: %d", headings[one.Heading], one.Count))
	if one.Count > 0 {
		s.rows(entriesTable(one.Entries[:one.Count]))
	}
	if one.Perhaps == 0 {
		return
	}
	if s.markdown {
		if one.Count > 0 {
			s.line("")
		}
		s.title(3, fmt.Sprintf("Perhaps: %d", one.Perhaps))
	} else {
		s.line("perhaps: %d", one.Perhaps)
	}
	s.rows(entriesTable(one.Entries[one.Count:]))
}

// entriesTable is a table of entries, without columns that have nothing.
func entriesTable(entries []answers.Reported) table {
	all := [][]string{{"DATE", "WHO", "WHAT", "HOW", "ID"}}
	used := make([]bool, len(all[0]))
	for _, e := range entries {
		when := e.On.String()
		if when == "" {
			when = "unknown date"
		}
		if e.Late {
			when += "*"
		}
		row := []string{when, e.Who, e.Name, e.How, short(e.Stream)}
		for i, cell := range row {
			used[i] = used[i] || cell != ""
		}
		all = append(all, row)
	}
	var t table
	for i, row := range all {
		var cells []string
		for j, cell := range row {
			if used[j] {
				cells = append(cells, cell)
			}
		}
		if i == 0 {
			t.head = cells
		} else {
			t.add(cells...)
		}
	}
	return t
}

// reportCSV prints a record an entry. Texts that a spreadsheet would take for
// formulas begin with an apostrophe.
func (a *app) reportCSV(sections []answers.Section) error {
	w := csv.NewWriter(a.out)
	rows := [][]string{{"heading", "certainty", "date", "earliest", "latest", "who", "what", "how", "id", "who_id", "recorded_later"}}
	for _, s := range sections {
		for _, e := range s.Entries {
			certainty := "certain"
			if e.Is != edtf.Yes {
				certainty = "perhaps"
			}
			rows = append(rows, []string{
				string(e.Heading), certainty, export.Guarded(e.On.String()), bounded(e.On.Earliest()), bounded(e.On.Latest()), export.Guarded(e.Who), export.Guarded(e.Name),
				export.Guarded(e.How), e.Stream, string(e.Party), strconv.FormatBool(e.Late),
			})
		}
	}
	return w.WriteAll(rows)
}

// bounded is a day, "" if it is unbounded.
func bounded(d edtf.Day) string {
	if !d.Bounded() {
		return ""
	}
	return d.String()
}
