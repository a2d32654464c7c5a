import { join } from 'node:path'
import { installNpm } from './npm.ts'
import { pythonWith } from './python.ts'

/** A client as its authors publish it, in a program that checks what it gets. */
interface Client {
  readonly name: string
  /** Installs it unless it is there, and resolves with the command line of its program. */
  command(): Promise<readonly [string, ...string[]]>
}

const FOLDER = import.meta.dirname

/** `lock` is the file in python/requirements that pins it. */
const python = (program: string, lock: string): Client => ({
  name: program,
  command: async () => [await pythonWith(lock), join(FOLDER, 'python', `${program}.py`)],
})

const npm = (program: string): Client => ({
  name: program,
  command: async () => [process.execPath, join(await installNpm(), `${program}.js`)],
})

export const CLIENTS: readonly Client[] = [
  python('requests-predict', 'requests'),
  python('huggingface-hub', 'huggingface_hub'),
  python('tritonclient-http', 'tritonclient'),
  python('tritonclient-grpc', 'tritonclient'),
  python('kserve-rest', 'kserve'),
  python('kserve-grpc', 'kserve'),
  python('mlserver-infer', 'mlserver'),
  npm('huggingface-inference'),
  npm('grpc-js'),
  {
    name: 'text-embeddings-inference',
    command: async () => ['bash', join(FOLDER, 'curl/text-embeddings-inference.sh')],
  },
]
