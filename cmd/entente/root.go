package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// app is one run of the command line.
type app struct {
	in        io.Reader
	out, errs io.Writer

	data      string // folder of the ledger
	store     string // URL of the event store, "" if it is in the folder
	actor     string
	origin    string
	json      bool
	server    string        // URL of a service, "" if the ledger is in the folder
	tokenFile string        // file with what says who asks it, or ""
	at        readmodel.At  // by which knowledge it is answered, see [app.axes]
	format    export.Format // in which an export writes the answer; "" outside one
}

const defaultData = "entente-data"

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "entente",
		Short: "A ledger of cooperation agreements that forgets nothing",
		Long: "entente records what cities, networks, ministries and international bodies agree on, as facts that\n" +
			"are never changed, and shows what holds, what was known, and what contradicts itself.\n\n" +
			exitCodes(),
		SilenceUsage: true, SilenceErrors: true,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(fmt.Sprintf("there is no command %.40q", args[0]), "one of those that entente --help lists")
			}
			return cmd.Help()
		},
	}
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.checkServed(cmd) }
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.errs)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(err.Error(), "see "+cmd.CommandPath()+" --help")
	})
	flags := root.PersistentFlags()
	flags.StringVar(&a.data, "data", defaultData, "folder of the ledger")
	flags.StringVar(&a.store, "store", "", "event store, if it is not in the folder: file:FOLDER, esdb://HOST:PORT (see docs/operations.md)")
	flags.StringVar(&a.actor, "actor", "", "opaque id of who records (default: $ENTENTE_ACTOR, else the file that 'entente do --help' names)")
	flags.StringVar(&a.origin, "origin", "", "name of a new ledger outside: a host name and a path (default: a random one)")
	flags.StringVar(&a.server, "server", "", "URL of a service that has the ledger, instead of a folder (default: $ENTENTE_SERVER)")
	flags.StringVar(&a.tokenFile, "token-file", "", "file with the token by which the service knows who asks (default: $ENTENTE_TOKEN_FILE)")
	flags.BoolVar(&a.json, "json", false, "JSON instead of tables, one object a line for lists")
	root.AddCommand(a.demoCommand(), a.doCommand(), a.commandsCommand(), a.schemaCommand(),
		a.listCommand(), a.showCommand(), a.historyCommand(), a.logCommand(), a.findingsCommand(), a.findingCommand(), a.proposalCommand(),
		a.partyCommand(), a.dueCommand(), a.remindCommand(), a.tickCommand(), a.rosterCommand(), a.planCommand(), a.statuschartCommand(), a.searchCommand(),
		a.reportCommand(), a.statsCommand(), a.diffCommand(), a.blameCommand(), a.explainCommand(), a.exportCommand(), a.importCommand(), a.personCommand(),
		a.statusCommand(), a.rebuildCommand(), a.storeCommand(), a.serveCommand(), a.migrateCommand(),
		a.checkpointCommand(), a.receiptCommand(), a.consistencyCommand(),
		a.witnessCommand(), a.keyCommand(), a.timestampCommand(), a.auditCommand(), a.verifyCommand(),
		a.tokenCommand(), a.identityCommand(), a.policyCommand(), a.accessCommand())
	for _, c := range root.Commands() {
		checkArguments(c)
	}
	return root
}

// checkArguments has a command and those under it follow the one error table.
func checkArguments(c *cobra.Command) {
	c.Args = sentence(c.Args)
	for _, under := range c.Commands() {
		checkArguments(under)
	}
}

// sentence has cobra's complaints about arguments follow the one error table.
func sentence(args cobra.PositionalArgs) cobra.PositionalArgs {
	if args == nil {
		args = cobra.NoArgs
	}
	return func(cmd *cobra.Command, given []string) error {
		if err := args(cmd, given); err != nil {
			return usage(err.Error(), cmd.UseLine())
		}
		return nil
	}
}

func usage(message, want string) error { return es.Invalid("cli.usage", message, want) }

func exitCodes() string {
	var b strings.Builder
	b.WriteString("Exit codes: 0 done, 1 internal error")
	for _, k := range es.Kinds() {
		fmt.Fprintf(&b, ", %d %s", k.Exit(), k)
	}
	return b.String() + "."
}

// identity returns who records: the flag, the environment, or the file of the
// user's configuration.
func (a *app) identity() (string, error) {
	if a.actor != "" {
		return a.actor, nil
	}
	if v := os.Getenv("ENTENTE_ACTOR"); v != "" {
		return v, nil
	}
	file, err := identityFile()
	if err != nil {
		return "", err
	}
	if text, err := os.ReadFile(file); err == nil {
		if id := strings.TrimSpace(string(text)); id != "" {
			return id, nil
		}
	}
	return "", es.Invalid("cli.no_actor", "it is not known who you are", "--actor ID, $ENTENTE_ACTOR, or the id in "+file)
}

func identityFile() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the configuration folder: %w", err)
	}
	return filepath.Join(dir, "entente", "actor"), nil
}

// today is the date on which questions are answered that name none.
func today() edtf.Date { return edtf.OfTime(time.Now()) }
