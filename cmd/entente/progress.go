package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar returns a progress bar, which shows on a terminal only.
func (a *app) bar(steps int, what string) *progressbar.ProgressBar {
	file, ok := a.errs.(*os.File)
	visible := ok && term.IsTerminal(int(file.Fd())) && !a.json
	return progressbar.NewOptions(steps, progressbar.OptionSetWriter(a.errs), progressbar.OptionSetVisibility(visible),
		progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount(), progressbar.OptionShowIts())
}

// steps returns what shows how far each step of something long is, with the
// rate and the time left, on a terminal only; and what ends it.
func (a *app) steps() (progress func(step string, done, total int), finish func()) {
	var bar *progressbar.ProgressBar
	shown := ""
	end := func() {
		if bar != nil {
			_ = bar.Finish()
		}
	}
	return func(step string, done, total int) {
		if step != shown {
			end()
			bar, shown = a.bar(total, step), step
		}
		if total > bar.GetMax() {
			bar.ChangeMax(total)
		}
		_ = bar.Set(done) // nothing rests on what is shown
	}, end
}
