// The npm scripts preload this (node -r). An older Node cannot load TypeScript and would only say
// ERR_UNKNOWN_FILE_EXTENSION; this names the version that is needed.
var least = 26
var found = process.versions.node
if (Number(found.split('.')[0]) < least) {
  process.stderr.write(
    'Node: expected version ' +
      least +
      ' or newer, found ' +
      found +
      ' at ' +
      process.execPath +
      '.\nThe project brings its own: run npm ci (with install scripts, of the package `node` at least) and start by npm run, or by node_modules/.bin/node.\n',
  )
  process.exit(1)
}
