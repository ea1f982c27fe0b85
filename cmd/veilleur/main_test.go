package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary stand for veilleur, in scripts and when killed.
func TestMain(m *testing.M) {
	if os.Getenv("VEILLEUR_TEST_AS_MAIN") != "" {
		main()
	}
	testscript.Main(m, map[string]func(){"veilleur": main})
}
