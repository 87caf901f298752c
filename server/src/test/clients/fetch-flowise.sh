#!/bin/sh
# sh fetch-flowise.sh
# Puts the class that writes Flowise's streams beside the other packages, out of the published package.
# It needs nothing else at run time; what the package as a whole depends on would be gigabytes.
set -eu
cd "$(dirname "$0")"
version=3.1.4
sha512=bf32702a6b85c9b9aced71b964cf13cbac0e47bc63122637ce97fd17050baf8ec3e01ef324163117b1529d9e0991ec6c67064f7a07324511c1264a5501cbe4c2
folder=node_modules/flowise
mkdir -p "$folder"
npm pack "flowise@$version" --silent --pack-destination "$folder" >/dev/null
echo "$sha512  $folder/flowise-$version.tgz" | sha512sum --check --quiet
tar -xzf "$folder/flowise-$version.tgz" -C "$folder" --strip-components=1 \
  package/package.json package/LICENSE.md package/dist/utils/SSEStreamer.js
rm "$folder/flowise-$version.tgz"
