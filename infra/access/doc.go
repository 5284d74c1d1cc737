// Package access says who asks, what they may do, and keeps a record of it.
//
//   - [Role], [Identity], [Action] and [Request] are the vocabulary.
//   - A [Policy] decides requests by policies written in Cedar
//     (https://docs.cedarpolicy.com), those of [Default] or a site's own.
//   - A [Registry] keeps identities and their API tokens.
//   - A [Journal] is the access record: append-only and hash-chained.
//
// An identity is an opaque id that is never deleted. The name of the natural
// person behind it is in the vault, and nowhere in this package's files. The
// package knows nothing of HTTP: whoever serves turns a request into a
// [Request], and a refusal into an answer.
package access
