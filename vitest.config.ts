import { defineConfig } from 'vitest/config'

/**
 * Tests that start programs of their own, the service on both runtimes among them: it would prove nothing more
 * to run them on a second runner. `bunfig.toml` leaves out the same folders.
 */
const END_TO_END = ['e2e', 'k6', 'kustomize', 'lint', 'observability', 'scripts'].map(
  (folder) => `tests/${folder}/**/*.test.ts`,
)

export default defineConfig({
  test: {
    // Starting a real process with the real model takes seconds on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      // Every file counts, loaded or not. What runs in another process or thread, as in the end-to-end tests,
      // leaves no trace here: run.ts, service.ts, the workers and the commands seem untested, and are not.
      include: ['{app,client,model}/**/*.ts'],
      exclude: ['tests/**'],
      reporter: ['text', 'html'],
      thresholds: {
        // Written anew by `npm run coverage` where there is more by a whole percent: they only rise.
        autoUpdate: (percent: number) => Math.floor(percent),
        statements: 72,
        branches: 66,
        functions: 68,
        lines: 72,
      },
    },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['tests/**/*.test.ts'], exclude: END_TO_END },
      },
      { extends: true, test: { name: 'e2e', include: END_TO_END } },
    ],
  },
})
