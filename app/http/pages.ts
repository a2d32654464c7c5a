import { readFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Env, Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

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
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      // Swagger UI draws its icons from data URLs and sets styles from script.
      imgSrc: ["'self'", 'data:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      frameAncestors: ["'none'"],
    },
  })
  for (const [path, { body, type }] of pages) {
    app.get(path, headers, (c) => c.body(body, 200, { 'content-type': type }))
  }
}
