/** Strings as a tensor of type BYTES. */
export function tensor(texts: readonly string[]): Uint8Array {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(Buffer.byteLength(text))
      return [length, Buffer.from(text)]
    }),
  )
}

interface Changes {
  readonly shape?: readonly number[]
  readonly bytes?: Uint8Array
  readonly size?: number | undefined
  readonly outputs?: readonly object[]
}

/** A request as Triton's client for Python sends it by default, but for the changes. */
export function binaryRequest(texts: readonly string[], changes: Changes = {}) {
  const { shape = [texts.length], bytes = tensor(texts), outputs } = changes
  const size = 'size' in changes ? changes.size : bytes.byteLength
  const json = Buffer.from(
    JSON.stringify({
      inputs: [{ name: 'text', shape, datatype: 'BYTES', parameters: { binary_data_size: size } }],
      ...(outputs ? { outputs } : { parameters: { binary_data_output: true } }),
    }),
  )
  return {
    headers: { 'inference-header-content-length': String(json.byteLength) },
    body: new Uint8Array(Buffer.concat([json, bytes])),
  }
}

interface Output {
  readonly name: string
  readonly datatype: string
  readonly parameters: { readonly binary_data_size: number }
}

/** The outputs of an answer in bytes, by name. */
export async function readBinary(response: Response) {
  const length = Number(response.headers.get('inference-header-content-length'))
  const body = Buffer.from(await response.arrayBuffer())
  const { outputs } = JSON.parse(body.subarray(0, length).toString()) as { outputs: Output[] }
  let at = length
  const values: Record<string, (string | number)[]> = {}
  for (const { name, datatype, parameters } of outputs) {
    const bytes = body.subarray(at, at + parameters.binary_data_size)
    values[name] = datatype === 'BYTES' ? stringsIn(bytes) : floatsIn(bytes)
    at += bytes.byteLength
  }
  return values
}

function stringsIn(bytes: Buffer): string[] {
  const strings: string[] = []
  for (let at = 0; at < bytes.byteLength; ) {
    const end = at + 4 + bytes.readUInt32LE(at)
    strings.push(bytes.toString('utf8', at + 4, end))
    at = end
  }
  return strings
}

const floatsIn = (bytes: Buffer): number[] =>
  Array.from({ length: bytes.byteLength / 4 }, (_, i) => bytes.readFloatLE(i * 4))
