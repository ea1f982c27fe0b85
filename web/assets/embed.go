// Package assets holds what the pages load: style, script and fonts.
//
// The sources are app.css with css/, and app.ts; `make assets` fetches their
// packages and bundles them into dist, under names that hold a hash of their
// content, so that a browser may keep them for ever. dist is not in the
// repository: without it the pages are plain but whole.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Built is the folder of built files: empty but for .keep when the assets were
// not built.
func Built() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path
	}
	return sub
}
