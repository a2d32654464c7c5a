import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '../..')

/** One import a room may not make, for each room and each floor above or beside it. */
const BREACHES = [
  ['app/clock.ts', './http/problem.ts'],
  ['app/config.ts', './cache/redis.ts'],
  ['app/errors.ts', '../model/session.ts'],
  ['app/health.ts', './workers/pool.ts'],
  ['app/telemetry/plant.ts', '../scheduler/fair-queue.ts'],
  ['app/telemetry/series/plant.ts', '../../http/problem.ts'],
  ['app/telemetry/logger.ts', '../../model/session.ts'],
  ['app/telemetry/other.ts', '../rows/cells.ts'],
  ['app/rows/plant.ts', '../http/problem.ts'],
  ['app/rows/cells.ts', '../../cli/command.ts'],
  ['app/scheduler/rows.ts', '../rows/cells.ts'],
  ['app/cache/plant.ts', '../classifier/classify.ts'],
  ['app/cache/redis.ts', '../../model/softmax.ts'],
  ['app/cache/memory.ts', '../../cli/command.ts'],
  ['app/classifier/plant.ts', '../http/probes.ts'],
  ['app/classifier/cached.ts', '../cache/redis.ts'],
  ['app/classifier/coalesced.ts', '../scheduler/scheduler.ts'],
  ['app/classifier/rate-limited.ts', '../../model/session.ts'],
  ['app/scheduler/plant.ts', '../http/problem.ts'],
  ['app/scheduler/job.ts', '../classifier/cached.ts'],
  ['app/scheduler/scheduler.ts', '../workers/thread.ts'],
  ['app/scheduler/backlog.ts', '../cache/cache.ts'],
  ['app/workers/plant.ts', '../scheduler/job.ts'],
  ['app/workers/pool.ts', '../telemetry/metrics.ts'],
  ['app/workers/thread.ts', '../classifier/classify.ts'],
  ['app/engine.ts', './http/problem.ts'],
  ['app/shadow-engine.ts', './cache/redis.ts'],
  ['app/open-model.ts', './http/problem.ts'],
  ['app/scheduler/other.ts', '../shadow-engine.ts'],
  ['app/http/plant.ts', '../cache/cache.ts'],
  ['app/http/predict.ts', '../classifier/cached.ts'],
  ['app/http/pages.ts', '../../model/session.ts'],
  ['app/http/app.ts', 'node:http'],
  ['app/http/info.ts', '../service.ts'],
  ['cli/plant.ts', '../app/http/problem.ts'],
  ['model/plant.ts', '../app/errors.ts'],
  ['model/pull.ts', '../cli/progress.ts'],
  ['harness/plant.ts', '../tests/fakes.ts'],
  ['client/src/plant.ts', '../../app/errors.ts'],
  ['client/src/http.ts', 'node:http'],
  ['client/src/limits.ts', 'zod'],
  ['bench/plant.ts', '../tests/fakes.ts'],
  ['observability/grafana/plant.ts', '../../tests/fakes.ts'],
] as const

/** Ports and shapes that a room may know. */
const ALLOWED = [
  ['app/classifier/allowed.ts', '../cache/cache.ts'],
  ['app/scheduler/allowed.ts', '../classifier/classify.ts'],
  ['app/scheduler/allowed-pool.ts', '../workers/pool.ts'],
  ['app/workers/allowed.ts', '../telemetry/logger.ts'],
  ['app/http/allowed.ts', '../classifier/classify.ts'],
  ['app/http/allowed-rows.ts', '../rows/cells.ts'],
  ['cli/allowed.ts', '../app/rows/cells.ts'],
  ['cli/allowed-client.ts', '../client/src/index.ts'],
  ['client/src/allowed.ts', './call.ts'],
] as const

const Report = z.object({
  diagnostics: z.array(z.looseObject({ location: z.looseObject({ path: z.string() }) })),
})

describe('the linter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'floors-'))
  let refused: readonly string[] = []

  beforeAll(() => {
    // The plugin's path leads nowhere in another folder.
    const config = { ...JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')), plugins: [] }
    writeFileSync(join(folder, 'biome.json'), JSON.stringify(config))
    for (const [file, target] of [...BREACHES, ...ALLOWED]) plant(folder, file, target)
    refused = filesRefused(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(BREACHES)('refuses that %s imports %s', (file) => {
    expect(refused).toContain(file)
  })

  it.each(ALLOWED)('lets %s import %s', (file) => {
    expect(refused).not.toContain(file)
  })
})

function plant(folder: string, file: string, target: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(
    join(folder, file),
    `import { plant } from '${target}'\n\nexport const used = plant\n`,
  )
}

function filesRefused(folder: string): string[] {
  const biome = join(ROOT, 'node_modules/.bin/biome')
  const options = ['--only=style/noRestrictedImports', '--vcs-enabled=false', '--reporter=json']
  // Its exit code says that there are breaches; here they are wanted.
  const { stdout } = spawnSync(biome, ['lint', ...options, '--max-diagnostics=none', '.'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return Report.parse(JSON.parse(stdout)).diagnostics.map(({ location }) => location.path)
}
