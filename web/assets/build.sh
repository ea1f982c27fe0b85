#!/usr/bin/env bash
# Bundles what the pages load into dist, under names that hold a hash of their
# content. Needs Node for the packages and Go for esbuild.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --no-progress
find dist -type f ! -name .keep -delete
go tool esbuild app.ts app.css --bundle --minify --charset=utf8 --target=es2022 \
	--outdir=dist '--entry-names=[name]-[hash]' '--asset-names=[name]-[hash]' \
	--loader:.woff2=file --loader:.svg=dataurl --log-level=warning
touch dist/.built # for make: newer than every source when all is fresh
