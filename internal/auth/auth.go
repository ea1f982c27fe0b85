// Package auth proves who a person or a program is, and keeps the secrets that
// must be kept: hashes of passwords, tokens, sealed passwords of channels,
// signatures of links in mails, and a limit on guesses.
//
// It stores one thing, the key file of the data folder, which seals what the
// store holds so that a copy of the database alone opens no channel; who backs
// up one must back up both. It sends nothing.
//
// Source of the parameters: OWASP Application Security Verification Standard
// 5.0.0, V6.2 (passwords) and V11.4.2 (argon2id, 19 MiB, two passes).
package auth
