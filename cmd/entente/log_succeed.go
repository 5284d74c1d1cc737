package main

import (
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/infra/tlog"
)

// succeededLog is a successor of a log, as JSON.
type succeededLog struct {
	Log   string `json:"log"`
	Key   string `json:"key"`
	After string `json:"after"` // the log that is succeeded
	Size  int64  `json:"size"`  // of its last checkpoint
	Kept  int64  `json:"kept"`  // events that the store still holds; those from there up to size are lost
	Note  string `json:"note"`  // the statement, as signed
}

func (a *app) succeedCommand() *cobra.Command {
	var after, reason string
	c := &cobra.Command{
		Use:   "succeed --after CHECKPOINT --reason TEXT",
		Short: "Open a successor of the transparency log, after the store was restored from an older copy",
		Long: "Open a successor of the transparency log, where the store was restored from a copy that is older than the last\n" +
			"checkpoint that anyone has, so that nothing is sealed. The successor has a name and a key of its own; a statement\n" +
			"names the checkpoint and how many events are lost. The old log stays beside it, in tlog-1.\n\n" +
			"Have a newer copy of the store first, if there is one anywhere. Witnesses must be told of the new log.",
		Example: "  entente log succeed --after entente-data/tlog/checkpoint --reason 'the disk failed; restored from the backup of 3 May'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if after == "" {
				return usage("the last checkpoint of the log is needed", cmd.UseLine())
			}
			text, err := readNamed(after, "the checkpoint")
			if err != nil {
				return err
			}
			return a.withLog(cmd.Context(), func(l *opened) error {
				st, err := tlog.Succeed(cmd.Context(), tlog.Succession{
					Store: l.Store(), Ledger: l.ID, Path: a.keyFile(), Origin: l.Origin, Dir: a.logDir(), After: text, Reason: reason,
				})
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(succeededLog{st.Log, st.Key, st.After, st.Last.N, st.Kept.N, string(st.Note)})
				}
				return a.printf("the log %s goes on after %s\nof its %d events the store holds %d: %d are lost\n",
					st.Log, st.After, st.Last.N, st.Kept.N, st.Last.N-st.Kept.N)
			})
		},
	}
	c.Flags().StringVar(&after, "after", "", "file with the last checkpoint of the log that anyone has")
	c.Flags().StringVar(&reason, "reason", "", "what happened, for auditors")
	return c
}
