package httpapi

import (
	"slices"
	"strings"
)

// usual are the commands by which a record is usually opened, of those that POST
// /v1/{aggregate} takes. A review has two, neither more usual than the other.
var usual = []string{
	"actionplan.draft", "activity.register", "grant.register", "membership.register", "memorandum.draft", "network.register",
	"party.register", "person.register", "programme.register", "resource.register", "source.register",
}

// opens reports whether a command opens a record.
func opens(command string) bool {
	return slices.Contains(usual, command) || strings.HasSuffix(command, ".carry_over") ||
		command == "review.accept" || command == "review.assign"
}
