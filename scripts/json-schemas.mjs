// Converts the OpenAPI of Kubernetes and of custom resources to JSON schemas that reject unknown
// fields, one file per kind: `node json-schemas.mjs FOLDER FILE…`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

const ANY_OBJECT = { type: 'object' }
const INT_OR_STRING = { oneOf: [{ type: 'integer' }, { type: 'string' }] }

/** As strict as the API server: unknown fields are errors unless the schema allows them. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict)
  if (schema === null || typeof schema !== 'object') return schema
  if (schema['x-kubernetes-int-or-string']) return INT_OR_STRING
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, strict(value)]),
  )
  if (schema.nullable) copy.type = [schema.type, 'null']
  const open = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties
  if (isSchema(schema) && !open) copy.additionalProperties = false
  return copy
}

// A field may itself be called `properties`; its value then is a schema, which has a type.
const isSchema = ({ type, properties }) => type === 'object' && properties !== undefined

/** The schemas that a schema references, transitively. */
function referred(name, all, found = {}) {
  if (found[name]) return found
  found[name] = all[name]
  const text = JSON.stringify(all[name])
  for (const [, next] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    referred(next, all, found)
  return found
}

function* fromOpenApi({ components }) {
  const schemas = strict(components.schemas)
  for (const [name, schema] of Object.entries(components.schemas)) {
    for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? []) {
      const $ref = `#/components/schemas/${name}`
      yield {
        group,
        version,
        kind,
        schema: { $ref, components: { schemas: referred(name, schemas) } },
      }
    }
  }
}

function* fromCustomResource({ spec }) {
  const { group, names, versions } = spec
  for (const { name: version, schema } of versions) {
    const { properties, ...rest } = schema.openAPIV3Schema
    const object = {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: ANY_OBJECT,
    }
    const whole = strict({ ...rest, properties: { ...properties, ...object } })
    yield { group, version, kind: names.kind, schema: whole }
  }
}

function* kindsOf(file) {
  const text = readFileSync(file, 'utf8')
  if (file.endsWith('.json')) return yield* fromOpenApi(JSON.parse(text))
  for (const document of parseAllDocuments(text)) {
    const object = document.toJS()
    if (object?.kind === 'CustomResourceDefinition') yield* fromCustomResource(object)
  }
}

const [folder, ...files] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
for (const file of files) {
  for (const { group, version, kind, schema } of kindsOf(file)) {
    // kubeconform's file names: service-v1, deployment-apps-v1, gateway-networking-v1.
    const [firstOfGroup] = group.split('.')
    const name = [kind, firstOfGroup, version].filter(Boolean).join('-').toLowerCase()
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(schema))
  }
}
