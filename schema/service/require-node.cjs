// Preloaded (node -r) by the npm scripts. A Node that is too old cannot load TypeScript and would say ERR_UNKNOWN_FILE_EXTENSION: this says what is missing.
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
