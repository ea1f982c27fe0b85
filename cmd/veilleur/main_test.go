package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary stand for veilleur, in scripts and when killed.
func TestMain(m *testing.M) {
	if os.Getenv("VEILLEUR_TEST_AS_MAIN") != "" {
		main()
	}
	if data := os.Getenv("VEILLEUR_TEST_ROUNDS"); data != "" {
		if err := playRounds(data); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	testscript.Main(m, map[string]func(){"veilleur": main})
}
