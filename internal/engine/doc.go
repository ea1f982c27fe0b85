// Package engine is the two straight paths of Veilleur.
//
// Inward, entries flow by cursors: each stage (group, match, search) reads the
// log of entries from its own saved position and puts what it derives by key,
// so a stage may run twice on one entry and "do it all again" is "set the
// cursor to 0". Match and search read what group found (the language, the
// story), so they never pass its cursor. A topic saved while entries flow is
// found in the archive by a job that takes turns with match, so that no mention
// falls between the two. An entry keeps the story it was given, whatever its
// publisher edits; only a rebuild groups again, and leaves the old names.
//
// Outward, effects are jobs: whatever touches the world (a webhook, a mail, a
// post) is written in the transaction that decides it, with a key, and run
// with retries by internal/job. Derived data may be replayed; an effect never
// is.
//
// Between the two, clocks: topics are judged every 30 seconds, due posts and
// digests are looked for every minute.
//
// The engine knows the store only through the small interfaces written beside
// each path.
package engine
