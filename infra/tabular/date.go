package tabular

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/entente-ledger/entente/domain/es"
)

// dateKind is what a number means, by the format in which it is shown.
type dateKind byte

const (
	day     dateKind = 'd' // YYYY-MM-DD
	instant dateKind = 'i' // YYYY-MM-DDTHH:MM:SS
	clock   dateKind = 'c' // HH:MM:SS
	elapsed dateKind = 'e' // H:MM:SS, of any length
)

// dateKinds in the order in which their marks are made.
var dateKinds = []dateKind{day, instant, clock, elapsed}

// mark is what excelize shows before a number of a kind.
const mark = "entente-"

// kindShown returns the kind that [markDates] has given to a cell.
func kindShown(shown string) (dateKind, bool) {
	rest, ok := strings.CutPrefix(shown, mark)
	if !ok || rest == "" {
		return 0, false
	}
	return dateKind(rest[0]), true
}

// markDates gives each style a format that shows whether its numbers are dates,
// and does nothing else.
func markDates(file *excelize.File) error {
	if file.Styles == nil || file.Styles.CellXfs == nil {
		return nil
	}
	styles := len(file.Styles.CellXfs.Xf)
	kinds := make([]dateKind, styles)
	for i := range kinds {
		style, err := file.GetStyle(i)
		if err != nil {
			return err
		}
		if kinds[i] = kindBuiltIn(style.NumFmt); style.CustomNumFmt != nil {
			kinds[i] = kindOf(*style.CustomNumFmt)
		}
	}
	formats := map[dateKind]int{0: 0}
	for _, kind := range dateKinds {
		code := fmt.Sprintf(`"%s%c"yyyy`, mark, kind)
		style, err := file.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			return err
		}
		formats[kind] = *file.Styles.CellXfs.Xf[style].NumFmtID
	}
	for i, kind := range kinds {
		format := formats[kind]
		file.Styles.CellXfs.Xf[i].NumFmtID = &format
	}
	return nil
}

// kindBuiltIn returns the kind of the formats that a workbook only numbers (ECMA-376
// part 1, 18.8.30), those of East Asia included.
func kindBuiltIn(id int) dateKind {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return day
	case id == 22:
		return instant
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return clock
	case id == 46:
		return elapsed
	}
	return 0
}

var (
	elapsedPart = regexp.MustCompile(`(?i)\[(h+|m+|s+)\]`)
	literalPart = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)
	markOfNoon  = regexp.MustCompile(`(?i)am/pm|a/p`)
)

// kindOf returns the kind of a format by its code, such as dd/mm/yyyy, of which
// the first section counts. A code with other letters than those of dates, such
// as General, has none.
func kindOf(code string) dateKind {
	if elapsedPart.MatchString(code) {
		return elapsed
	}
	code, _, _ = strings.Cut(literalPart.ReplaceAllString(code, ""), ";")
	code = strings.ToLower(markOfNoon.ReplaceAllString(code, "h"))
	for _, r := range code {
		if r >= 'a' && r <= 'z' && !strings.ContainsRune("ymdhsebg", r) {
			return 0
		}
	}
	hasTime := strings.ContainsAny(code, "hs")
	hasDay := strings.ContainsAny(code, "yd")
	switch {
	case hasDay && hasTime:
		return instant
	case hasTime:
		return clock
	case hasDay, strings.Contains(code, "m"):
		return day
	}
	return 0
}

// dateSystem is how a workbook counts days.
type dateSystem int

const (
	from1900 dateSystem = iota // 1 is 1 January 1900, and 60 the 29 February that 1900 did not have
	from1904                   // 0 is 1 January 1904
)

const secondsADay = 24 * 60 * 60

// text returns the number as kind says. What falls on no day is a problem.
func (s dateSystem) text(number float64, kind dateKind) (string, *es.Error) {
	if number < 0 || number >= 2_958_466 { // 31 December 9999 and what follows
		return "", noDay(number)
	}
	milliseconds := int64(math.Round(number * secondsADay * 1_000)) // computed dates lie a little beside the day
	seconds := (milliseconds + 500) / 1_000
	hour, minute, second := seconds/3600, seconds/60%60, seconds%60
	switch kind {
	case elapsed:
		return fmt.Sprintf("%d:%02d:%02d", hour, minute, second), nil
	case clock:
		return fmt.Sprintf("%02d:%02d:%02d", hour%24, minute, second), nil
	case day:
		seconds = milliseconds / 1_000
	}
	days := int(seconds / secondsADay)
	origin := time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	if s == from1900 {
		origin = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		switch {
		case days == 0 || days == 60:
			return "", noDay(number)
		case days < 60:
			days++
		}
	}
	at := origin.AddDate(0, 0, days)
	if kind == day {
		return at.Format(time.DateOnly), nil
	}
	return at.Add(time.Duration(seconds%secondsADay) * time.Second).Format("2006-01-02T15:04:05"), nil
}

func noDay(number float64) *es.Error {
	return es.Invalid("tabular.bad_date", fmt.Sprintf("has the number %v where a date should be, and it is no day", number), "a date that Excel shows")
}
