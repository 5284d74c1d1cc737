// Package roster is the read model of networks: what each is for, in which phase
// it is, who runs and supports it, which bodies it has and who sits in them, who
// is a member as what, and who was present at what it did without being one.
//
// It draws on networks, memberships and activities. Rows belong to the stream
// they come from; that of a membership or an activity names the network. What is
// answered from several streams is exact as recorded at a sequence, and close to
// it on the other axes ([readmodel.At]).
//
// As of a date there are three answers (rule 4 of the ledger). An admission that
// is recorded without a date happened, nobody knows when: as of any date the
// party is perhaps a member. It is among the members, never among those who were
// present and are none. What is announced, claimed or in dispute is so on no day
// (rule 5); it is shown whatever the date is, with its status.
package roster
