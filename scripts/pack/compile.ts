import { execFileSync } from 'node:child_process'
import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const COMPILER = join(ROOT, 'node_modules/typescript/bin/tsc')

/** What the program reads while it runs. */
const DATA = [
  'app/web',
  'cli/report',
  'model/catalog.json',
  'model/checks.json',
  'model/sst2-minilm',
]

/** What only the compiler reads. */
const SOURCE = /\.ts$|\/tsconfig\.json$/

/** Writes the command and the service into a folder, as JavaScript for Node 20 and later, with their data and the bundled model. */
export function compile(folder: string): void {
  const project = join(import.meta.dirname, 'tsconfig.json')
  execFileSync(process.execPath, [COMPILER, '--project', project, '--outDir', folder], {
    stdio: 'inherit',
  })
  const filter = (path: string) => !SOURCE.test(path)
  // A script for a browser must not take the place of a compiled file.
  const options = { recursive: true, filter, force: false, errorOnExist: true }
  for (const path of DATA) cpSync(join(ROOT, path), join(folder, path), options)
  for (const file of compiledFiles(folder)) rewrite(folder, file)
}

/** What came from sources, by its path in the folder. */
export const compiledFiles = (folder: string): string[] =>
  globSync('**/*.js', { cwd: folder, exclude: ['node_modules', 'app/web'] })

/** `new URL('./x.ts', import.meta.url)`, which the compiler leaves as it is. */
const THREAD = /(new URL\('\.[^']+)\.ts(', import\.meta\.url\))/g

/** Node 20 and 22 warn of an import of JSON on standard error. */
const JSON_IMPORT = /^import (\w+) from ('[^']+\.json') with \{ type: 'json' \};$/gm

function rewrite(folder: string, file: string): void {
  const path = join(folder, file)
  const compiled = readFileSync(path, 'utf8')
    .replaceAll(THREAD, '$1.js$2')
    .replaceAll(
      JSON_IMPORT,
      "import { createRequire as requireFrom } from 'node:module';\nconst $1 = requireFrom(import.meta.url)($2);",
    )
  writeFileSync(path, file.endsWith('-worker.js') ? importOlderNode(file) + compiled : compiled)
}

/** A thread has a language of its own, as old as Node's. */
const importOlderNode = (file: string) =>
  `import '${relative(dirname(file), '../bin/older-node.js')}';\n`
