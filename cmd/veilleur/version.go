package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is set at link time: -X main.release=v1.2.3.
var release string

type versionCmd struct{}

// Run prints the version of the program and of Go.
func (versionCmd) Run(w *world) error {
	_, err := fmt.Fprintf(w.out, "veilleur %s %s\n", version(), runtime.Version())
	return err
}

func version() string {
	if release != "" {
		return release
	}
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" && b.Main.Version != "(devel)" {
		return b.Main.Version
	}
	return "dev"
}
