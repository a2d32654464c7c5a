import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { predictRoute } from '../../app/http/predict-route.ts'
import { Info } from '../../app/http/schema.ts'

/** What the schemas of the service are as TypeScript, in a package that needs none of them. */
export const WIRE_FILE = join(import.meta.dirname, '../../client/src/wire.ts')

const HEAD = '// Written by `npm run client:types` from the schemas of the service: do not edit.\n'

/** As much of JSON Schema as the schemas of the service use. */
const Schema = z.object({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  required: z.array(z.string()).default([]),
  description: z.string().optional(),
  get anyOf() {
    return z.array(Schema).optional()
  },
  get items() {
    return Schema.optional()
  },
  get properties() {
    return z.record(z.string(), Schema).default({})
  },
})
type Schema = z.infer<typeof Schema>

/** The text of the file. */
export function toWireTypes(): string {
  const { openAPIRegistry, getOpenAPI31Document } = new OpenAPIHono()
  const limits = { maxTexts: 1, maxChars: 1, maxBodyBytes: 1 }
  openAPIRegistry.registerPath(predictRoute(limits, { keys: false }))
  openAPIRegistry.register('Info', Info)
  const info = { title: 'Polarity', version: '' }
  const { components } = getOpenAPI31Document({ openapi: '3.1.0', info })
  const schemas = z.record(z.string(), Schema).parse(components?.schemas)
  const interfaces = Object.entries(schemas).map(
    ([name, schema]) => `export interface ${name} ${toObject(schema, '')}\n`,
  )
  return [HEAD, ...interfaces].join('\n').replaceAll(' \n', '\n')
}

function toObject({ properties, required }: Schema, indent: string): string {
  const deeper = `${indent}  `
  const fields = Object.entries(properties).map(([name, schema]) => {
    const mark = required.includes(name) ? '' : '?'
    const help = schema.description ? `${deeper}/** ${schema.description} */\n` : ''
    return `${help}${deeper}readonly ${name}${mark}: ${toType(schema, deeper)}\n`
  })
  return `{\n${fields.join('')}${indent}}`
}

function toType(schema: Schema, indent: string): string {
  if (schema.$ref) return schema.$ref.replace(/.*\//, '')
  if (schema.anyOf) return schema.anyOf.map((one) => toType(one, indent)).join(' | ')
  if (schema.enum) return toUnion(schema.enum, indent)
  const types = [schema.type ?? []].flat()
  return types.map((type) => toOneType(type, schema, indent)).join(' | ')
}

function toUnion(values: readonly string[], indent: string): string {
  const quoted = values.map((value) => `'${value}'`)
  return quoted.length > 3
    ? quoted.map((value) => `\n${indent}  | ${value}`).join('')
    : quoted.join(' | ')
}

function toOneType(type: string, schema: Schema, indent: string): string {
  if (type === 'object') return toObject(schema, indent)
  if (type === 'integer') return 'number'
  if (type !== 'array') return type
  const item = schema.items ? toType(schema.items, indent) : 'unknown'
  return `readonly ${item.includes(' ') && !item.startsWith('{') ? `(${item})` : item}[]`
}

if (import.meta.main) writeFileSync(WIRE_FILE, toWireTypes())
