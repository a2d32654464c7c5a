import { type Output, PartFile } from './part-file.ts'
import { openStandardOutput } from './standard-output.ts'
import type { State } from './state.ts'

interface Outputs {
  readonly output: Output
  readonly rejected: Output | undefined
}

interface Names {
  /** A file, or `-` for standard output. */
  readonly out: string
  readonly rejectsFile?: string | undefined
}

/** Opens what a run writes, at its beginning or where an earlier run stopped. */
export async function openOutputs(
  { out, rejectsFile }: Names,
  state: State | undefined,
): Promise<Outputs> {
  const openFile = (path: string, bytes: number | undefined) =>
    PartFile.open(path, state && { bytes: bytes ?? 0, complete: state.complete })
  const output = out === '-' ? openStandardOutput() : await openFile(out, state?.outputBytes)
  if (rejectsFile === undefined) return { output, rejected: undefined }
  try {
    return { output, rejected: await openFile(rejectsFile, state?.rejectedBytes) }
  } catch (error) {
    await output.close()
    throw error
  }
}
