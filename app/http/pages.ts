import { readFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Env, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import { type Asset, createAsset } from './asset.ts'

interface Page {
  readonly body: string
  readonly type: string
}

/** Static files by path, all served by this process: no CDN. */
export type Pages = ReadonlyMap<string, Page>

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}

const WEB = join(import.meta.dirname, '../web')
const SWAGGER_UI = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))

const FILES = {
  '/': join(WEB, 'index.html'),
  '/web/page.css': join(WEB, 'page.css'),
  '/web/page.js': join(WEB, 'page.js'),
  '/docs': join(WEB, 'docs.html'),
  '/web/docs.js': join(WEB, 'docs.js'),
  '/web/swagger-ui.css': join(SWAGGER_UI, 'swagger-ui.css'),
  '/web/swagger-ui-bundle.js': join(SWAGGER_UI, 'swagger-ui-bundle.js'),
}

/** Reads all static files into memory. */
export async function loadPages(): Promise<Pages> {
  const pages = Object.entries(FILES).map(async ([path, file]) => {
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    return [path, { body: await readFile(file, 'utf8'), type }] as const
  })
  return new Map(await Promise.all(pages))
}

/** Serves the pages with a content security policy that allows this origin alone. */
export function addPages<E extends Env>(app: Hono<E>, pages: Pages): void {
  const headers = secureHeaders({
    // The gateway knows whether there is TLS, and for which names.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      // Swagger UI draws its icons from data URLs and sets styles from script.
      imgSrc: ["'self'", 'data:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      frameAncestors: ["'none'"],
    },
  })
  for (const [path, { body, type }] of pages) {
    const asset = createAsset(body, type)
    app.get(path, headers, (c) => asset.answer(c))
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
