import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasCollector } from '../harness/collector.ts'
import { playScene } from '../harness/scene.ts'
import { drawDashboard } from './drawing/dashboard.ts'
import { PICTURED, shapeOf } from './grafana/build.ts'
import { look } from './panel-data.ts'
import { pictureOfTrace } from './trace-picture.ts'

// Draws one request's trace, and the dashboards over two minutes of mixed load, so that a reader sees what to
// expect. The one for who is on call ends amid the trouble. `npm run dashboards:picture`
const SECONDS = 120
const FOLDER = join(import.meta.dirname, 'pictures')

const write = (name: string, svg: string) => writeFileSync(join(FOLDER, `${name}.svg`), svg)

mkdirSync(FOLDER, { recursive: true })
if (hasCollector) write('trace', await pictureOfTrace())
const scene = await playScene('bun', SECONDS)
const { prometheus, restored } = scene
const start = (await prometheus.number('min(process_start_time_seconds{job="polarity"})')) - 3
for (const dashboard of PICTURED) {
  const shape = shapeOf(dashboard)
  const end = shape.uid === 'polarity-on-call' ? restored - 1 : scene.end
  write(shape.uid, drawDashboard(await look(shape, { prometheus, start, end })))
}
await scene.close()
