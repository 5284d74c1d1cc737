// Package vault keeps the names and contact data of natural persons apart from
// the ledger, so that they can be erased although the ledger never forgets.
//
// An event holds a person's id and a salted [Commitment]; the vault holds what
// opens it. Whoever has both can prove that a name is the one recorded. Once
// [Vault.Erase] has destroyed name and salt, the commitment says nothing more.
//
// The order of writing, and what a crash between two steps leaves behind:
//
//   - To register: [Vault.Put], then append the event. In between, the vault
//     holds a person whom no event names; the command repeated finds the same
//     commitment.
//   - To erase: append the event, then [Vault.Erase]. In between, the name is
//     still there; the next [Open] is told by the log, and removes it.
//
// Erased means gone from every byte of the vault's files, free pages and the
// slack of pages included: see [Vault.Erase]. It does not reach blocks that
// the file system or a disk has set aside, copies of the file made by others,
// or swap; these are the operator's to encrypt and to expire.
//
// The vault is one SQLite file. Several processes may have it open; each
// waits for the other, as long as [Options] say. The package knows nothing of
// events, and nothing in it may be logged: [Entry] hides itself from fmt and
// slog, and no error carries a name.
package vault
