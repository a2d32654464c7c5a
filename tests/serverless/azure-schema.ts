import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { TOOLS } from '../kustomize/rendered.ts'

const FILE = join(TOOLS, 'schemas/container-apps.mjs')

/** A type of Azure's client library; `className` names another one, or holds its own fields. */
interface Type {
  readonly name: string
  readonly className?: string | undefined
  readonly allowedValues?: readonly unknown[] | undefined
  readonly element?: { readonly type: Type } | undefined
  readonly value?: { readonly type: Type } | undefined
  readonly modelProperties?: Readonly<Record<string, Property>> | undefined
}
interface Property {
  /** The path in the JSON, with dots. */
  readonly serializedName: string
  readonly required?: boolean | undefined
  readonly readOnly?: boolean | undefined
  readonly type: Type
}
interface Field extends Property {
  readonly path: readonly string[]
}

const Type: z.ZodType<Type> = z.lazy(() =>
  z.object({
    name: z.string(),
    className: z.string().optional(),
    allowedValues: z.array(z.unknown()).optional(),
    element: z.object({ type: Type }).optional(),
    value: z.object({ type: Type }).optional(),
    modelProperties: z.record(z.string(), Property).optional(),
  }),
)
const Property: z.ZodType<Property> = z.object({
  serializedName: z.string(),
  required: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  type: Type,
})
const Mappers = z.record(z.string(), z.object({ type: Type }))
const AnyObject = z.record(z.string(), z.unknown())

export const hasAzureSchema = (() => {
  if (existsSync(FILE)) return true
  const how = 'bash scripts/build-manifest-tools.sh'
  process.stderr.write(`Tests of the Container App are skipped: ${how}\n`)
  return false
})()

/** Complaints about a resource, by the types of Azure's own client library: fields that it does not know, that it only reads, that are missing or of another type. */
export async function azureComplaints(resource: unknown, className: string): Promise<string[]> {
  const { discriminators: _, ...types } = z.looseObject({}).parse({ ...(await import(FILE)) })
  const mappers = Mappers.parse(types)
  return ofType(resource, { name: 'Composite', className })

  function ofType(value: unknown, type: Type, at = ''): string[] {
    if (type.name === 'Composite') return ofFields(value, fieldsOf(type), at)
    if (type.name === 'Sequence') return ofList(value, type, at)
    if (type.name === 'Dictionary') return ofDictionary(value, type, at)
    return isOf(value, type) ? [] : [`${at}: not a ${type.name}: ${JSON.stringify(value)}`]
  }

  function fieldsOf({ className = '', modelProperties }: Type): Field[] {
    const properties = modelProperties ?? mappers[className]?.type.modelProperties
    if (!properties) throw new Error(`Azure's library has no ${className}`)
    return Object.values(properties).map((each) => ({
      ...each,
      path: each.serializedName.split('.'),
    }))
  }

  function ofFields(value: unknown, fields: readonly Field[], at: string): string[] {
    const object = AnyObject.safeParse(value).data
    if (!object) return [`${at}: not an object`]
    const missing = fields.filter(
      ({ path: [first = '', ...rest], required }) => required && !rest.length && !(first in object),
    )
    return [
      ...missing.map(({ serializedName }) => `${at}.${serializedName}: missing`),
      ...Object.entries(object).flatMap(([key, inner]) => {
        const own = fields.filter(({ path: [first] }) => first === key)
        return ofField(inner, own, `${at}.${key}`)
      }),
    ]
  }

  /** A field, or what several fields have in common of their paths. */
  function ofField(value: unknown, fields: readonly Field[], at: string): string[] {
    const [field] = fields
    if (!field) return [`${at}: unknown`]
    if (field.path.length > 1) {
      const inner = fields.map((each) => ({ ...each, path: each.path.slice(1) }))
      return ofFields(value, inner, at)
    }
    return field.readOnly ? [`${at}: read only`] : ofType(value, field.type, at)
  }

  function ofList(value: unknown, { element }: Type, at: string): string[] {
    if (!Array.isArray(value) || !element) return [`${at}: not a list`]
    return value.flatMap((each, i) => ofType(each, element.type, `${at}[${i}]`))
  }

  function ofDictionary(value: unknown, { value: inner }: Type, at: string): string[] {
    const object = AnyObject.safeParse(value).data
    if (!object || !inner) return [`${at}: not an object`]
    return Object.entries(object).flatMap(([key, each]) => ofType(each, inner.type, `${at}.${key}`))
  }
}

function isOf(value: unknown, { name, allowedValues }: Type): boolean {
  if (name === 'Enum') return allowedValues?.includes(value) ?? false
  if (name === 'any') return true
  const types: Record<string, string> = { String: 'string', Number: 'number', Boolean: 'boolean' }
  return typeof value === types[name]
}
