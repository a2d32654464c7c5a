const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
export const escaped = (text: string) => text.replaceAll(/[&<>]/g, (c) => ENTITIES[c] ?? c)

export type Point = readonly [x: number, y: number]

export const pixels = (value: number) => value.toFixed(1)

export const text = ([x, y]: Point, content: string, attributes = '') =>
  `<text x="${pixels(x)}" y="${pixels(y)}" ${attributes}>${escaped(content)}</text>`

export const path = (points: readonly Point[], attributes: string) =>
  `<path d="M${points.map(([x, y]) => `${pixels(x)} ${pixels(y)}`).join('L')}" ${attributes}/>`

export const rectangle = (
  [x, y]: Point,
  [width, height]: readonly [width: number, height: number],
  attributes: string,
) =>
  `<rect x="${pixels(x)}" y="${pixels(y)}" width="${pixels(width)}" height="${pixels(height)}" ${attributes}/>`

export const moved = ([x, y]: Point, body: string) =>
  `<g transform="translate(${pixels(x)} ${pixels(y)})">${body}</g>`

interface Colours {
  readonly ground: string
  readonly text: string
}

/** A whole file, on white by default. */
export const toSvg = (
  [width, height]: readonly [width: number, height: number],
  body: string,
  { ground, text }: Colours = { ground: '#fff', text: '#333' },
) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" fill="${text}">
<rect width="100%" height="100%" fill="${ground}"/>
${body}
</svg>
`

/** About the width of a text of 11 pixels. */
export const widthOf = (content: string) => content.length * 6.6
