import { defineConfig } from 'vitest/config'

// The conditions that Node itself resolves packages by. Vite's own add `development`, under which graphql is a second copy of itself.
const conditions = ['node', 'module-sync', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    // Most of a test's time is waiting for processes and sockets: a worker for every core, where vitest leaves one free.
    maxWorkers: '100%',
    // Modules are loaded once a worker: there are no singletons, and loading them for each file takes a quarter of the time.
    isolate: false,
    // Real stores, HTTP and a browser: generous for a busy machine, never a measure of speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
