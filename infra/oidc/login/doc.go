// Package login has people log in with a browser at a provider of identities: the
// authorization code flow of OpenID Connect Core 1.0 (section 3.1) with PKCE (RFC
// 7636), state and nonce, and a session afterwards.
//
// What a login needs until the browser comes back is in a cookie that only this
// process can read; a session is in memory, under the hash of an opaque random id
// that the browser has in a cookie. A restart ends both.
//
// Whose word counts is decided in package oidc, what somebody may do in package
// access.
package login
