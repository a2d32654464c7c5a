import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import type { Check } from '../check.ts'

const HOSTILE = `It's "fine"; $(touch /nowhere) \`id\` \\ ! %s`

/** The request as code. */
export const CODE: readonly Check[] = [
  ...(['curl', 'TypeScript', 'Python'] as const).map((language) => ({
    name: `copies ${language}`,
    async run(visit: Parameters<Check['run']>[0]) {
      await visit.home()
      await visit.classify(HOSTILE)
      await visit.page.getByRole('radio', { name: language }).check()
      await visit.page.getByRole('button', { name: 'Copy', exact: true }).click()
      await visit.page.locator('#copy-note', { hasText: 'Copied' }).waitFor()
      assert.equal(await visit.clipboard(), await visit.page.locator('#snippet').textContent())
    },
  })),
  {
    name: 'has a command that answers as the page does',
    async run(visit) {
      await visit.home()
      await visit.classify(HOSTILE)
      const command = (await visit.page.locator('#snippet').textContent()) ?? ''
      const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
      const [scores] = JSON.parse(stdout).predictions
      const winner = scores[0].score > scores[1].score ? scores[0] : scores[1]
      const answer = (await visit.rows.first().locator('.answer').textContent()) ?? ''
      assert.ok(answer.includes(`${(winner.score * 100).toFixed(1)} %`), `${answer}, not ${stdout}`)
    },
  },
]
