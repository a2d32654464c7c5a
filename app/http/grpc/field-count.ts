import type { DescMessage } from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { invalidRequest } from '../problem.ts'

/**
 * Throws `invalid_request` if a message has more fields, or elements of packed ones, than `most`: in two
 * bytes each, a million of them would take hundreds of megabytes once they are objects. Throws what the
 * library does if it is no message at all.
 */
export function checkFieldCount(schema: DescMessage, bytes: Uint8Array, most: number): void {
  const reader = new BinaryReader(bytes)
  let count = 0

  const add = (fields: number) => {
    count += fields
    if (count <= most) return
    throw invalidRequest([{ path: '', message: 'More fields than its texts can need.' }])
  }
  const countIn = (message: DescMessage, end: number) => {
    while (reader.pos < end) {
      const [number, wireType] = reader.tag()
      add(1)
      if (wireType === WireType.LengthDelimited) countWithin(message, number)
      else reader.skip(wireType, number)
    }
  }
  const countWithin = (message: DescMessage, number: number) => {
    const field = message.fields.find((one) => one.number === number)
    if (field?.message) {
      const length = reader.uint32()
      countIn(field.message, reader.pos + length)
      return
    }
    const bytes = reader.skip(WireType.LengthDelimited, number)
    if (field?.fieldKind === 'list' && field.packed) add(bytes.byteLength)
  }
  countIn(schema, reader.len)
}
