import { execFileSync } from 'node:child_process'
import { cpus, release } from 'node:os'
import { type Runtime, runtimePath } from '../harness/process.ts'
import lockfile from '../package-lock.json' with { type: 'json' }

/** What results depend on: the machine, the runtimes and the libraries that infer. */
export function describeMachine() {
  const [cpu] = cpus()
  const versionOf = (runtime: Runtime) =>
    execFileSync(runtimePath(runtime), ['--version'], { encoding: 'utf8' }).trim()
  return {
    cpu: cpu?.model,
    cores: cpus().length,
    linux: release(),
    node: versionOf('node'),
    bun: versionOf('bun'),
    onnxruntime: lockfile.packages['node_modules/onnxruntime-node'].version,
    transformers_js: lockfile.packages['node_modules/@huggingface/transformers'].version,
    date: new Date(),
  }
}
