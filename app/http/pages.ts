import { readdir, readFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Env, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import { AppError } from '../errors.ts'
import { type Asset, createAsset } from './asset.ts'
import { type Card, picturePath } from './card.ts'
import type { Info } from './schema.ts'

interface Page {
  readonly type: string
  bodyFor(info: Info): string | Promise<string>
}

/** Pages and their assets by path, all served by this process: no CDN. */
export type Pages = ReadonlyMap<string, Page>

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const WEB = join(import.meta.dirname, '../web')
const SWAGGER_UI = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))

const DOCS = '/docs'
const FILES = '/web/'

/** The pages; every other file of their folder is at `/web/`. */
const PAGES: Record<string, string> = { 'index.html': '/', 'docs.html': DOCS }

/** Reads all static files into memory. */
export async function loadPages(card?: Card): Promise<Pages> {
  const files = (await readdir(WEB)).filter((name) => Object.hasOwn(TYPES, extname(name)))
  const pages = await Promise.all([
    ...files.map((name) => loadPage(PAGES[name] ?? `${FILES}${name}`, join(WEB, name))),
    ...['swagger-ui.css', 'swagger-ui-bundle.js'].map((name) =>
      loadPage(`${FILES}${name}`, join(SWAGGER_UI, name)),
    ),
  ])
  const pictures = [...(card?.pictures ?? [])].map(
    ([name, svg]) => [picturePath(name), toPage('.svg', svg)] as const,
  )
  return new Map([...pages, ...pictures, ['/model', modelPage(card)] as const])
}

const loadPage = async (path: string, file: string) =>
  [path, toPage(extname(file), await readFile(file, 'utf8'))] as const

const toPage = (extension: string, body: string): Page => ({
  type: TYPES[extension] ?? 'application/octet-stream',
  bodyFor: () => body,
})

/** Loads what renders it when somebody looks at it: the service starts without. */
const modelPage = (card: Card | undefined): Page => ({
  type: 'text/html; charset=utf-8',
  async bodyFor(info) {
    const { renderModelPage } = await import('./model-page.ts')
    return renderModelPage(card, info)
  },
})

const OURS = {
  defaultSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}

/** What callers wrote can't become HTML, not even by a mistake. */
const STRICT = { ...OURS, requireTrustedTypesFor: ["'script'"] }

/** Swagger UI draws its icons from data URLs, and sets styles and HTML from script. */
const OF_SWAGGER_UI = {
  ...OURS,
  imgSrc: ["'self'", 'data:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
}

const headersFor = (contentSecurityPolicy: typeof OURS) =>
  secureHeaders({
    // The gateway knows whether there is TLS, and for which names.
    strictTransportSecurity: false,
    contentSecurityPolicy,
  })

/** Serves the pages with a content security policy that allows this origin alone. */
export function addPages<E extends Env>(app: Hono<E>, pages: Pages, info: Info): void {
  const assets = new Map([...pages].map(([path, page]) => [path, lazily(page, info)] as const))
  const strict = headersFor(STRICT)
  const ofSwaggerUi = headersFor(OF_SWAGGER_UI)
  for (const [path, open] of assets) {
    if (path.startsWith(FILES)) continue
    app.get(path, path === DOCS ? ofSwaggerUi : strict, async (c) => (await open()).answer(c))
  }
  if (assets.size === 0) return
  // One route for all of them: metrics count by route.
  app.get(`${FILES}:name`, strict, async (c) => {
    const open = assets.get(`${FILES}${c.req.param('name')}`)
    if (!open) throw new AppError('not_found', 'The pages have no file of this name.')
    return (await open()).answer(c)
  })
}

function lazily({ type, bodyFor }: Page, info: Info): () => Promise<Asset> {
  let asset: Promise<Asset> | undefined
  const open = async () => createAsset(await bodyFor(info), type)
  return () => {
    asset ??= open()
    return asset
  }
}

/** Makes an asset of what a route answers first, and answers with it from then on. */
export function kept() {
  let asset: Asset | undefined
  return createMiddleware(async (c, next) => {
    if (!asset) {
      await next()
      asset = createAsset(await c.res.text(), c.res.headers.get('content-type') ?? '')
      c.res = undefined
    }
    c.res = await asset.answer(c)
  })
}
