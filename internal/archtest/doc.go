// Package archtest keeps the shape of the house: who may import whom, where a
// file belongs, and that the documents speak of what exists.
//
// It reads the files itself. A test that asked `go list` would stay "ok
// (cached)" after a violation, since nothing it reads would have changed.
package archtest
