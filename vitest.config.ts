import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Starting a real process with the real model takes seconds on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
