package main

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/infra/catalogue"
)

func (a *app) commandsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "commands",
		Short: "List all commands that `do` records, one line each",
		RunE: func(*cobra.Command, []string) error {
			c, err := catalogue.New()
			if err != nil {
				return err
			}
			t := table{head: []string{"COMMAND", "WHAT IT DOES"}}
			for _, d := range c.Commands {
				if a.json {
					if err := a.printJSON(map[string]string{"command": d.Name, "summary": c.Summary(d)}); err != nil {
						return err
					}
				}
				t.add(d.Name, c.Summary(d))
			}
			if a.json {
				return nil
			}
			return a.printTable(t)
		},
	}
}

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "schema COMMAND",
		Short:   "Print the JSON Schema of a command's payload",
		Example: "  entente schema memorandum.sign",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := catalogue.New()
			if err != nil {
				return err
			}
			d, err := c.Command(args[0])
			if err != nil {
				return err
			}
			opts := []json.Options{jsontext.WithIndent("  ")}
			if a.json {
				opts = nil
			}
			text, err := json.Marshal(c.Schema(d), opts...)
			if err != nil {
				return fmt.Errorf("print schema: %w", err)
			}
			return a.printf("%s\n", text)
		},
	}
}
