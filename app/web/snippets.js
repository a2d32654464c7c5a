/** Texts in a snippet; whoever has more knows how to go on. */
export const MOST_TEXTS = 5

/** Line ends, and what shows nothing or turns the direction: it must not hide in code. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** @typedef {{ texts: readonly string[], origin: string, keyed: boolean }} Request */

/** @type {Readonly<Record<string, (request: Request) => string>>} */
export const SNIPPETS = { curl: toCurl, TypeScript: toTypeScript, Python: toPython }

/**
 * For a POSIX shell. The key is read from the environment, and is never part of a snippet.
 *
 * @param {Request} request
 */
export function toCurl({ texts, origin, keyed }) {
  const lines = [
    `curl -s ${inShell(`${origin}/predict`)}`,
    ...(keyed ? ['-H "X-API-Key: $POLARITY_API_KEY"'] : []),
    "-H 'Content-Type: application/json'",
    `-d ${inShell(`{"text": [${literals(texts, escapeJson)}]}`)}`,
  ]
  return lines.join(' \\\n  ')
}

/** @param {Request} request */
export function toTypeScript({ texts, origin, keyed }) {
  const key = keyed ? ", 'X-API-Key': process.env.POLARITY_API_KEY ?? ''" : ''
  return `const response = await fetch(${literal(`${origin}/predict`, escapeJson)}, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json'${key} },
  body: JSON.stringify({
    text: [${literals(texts, escapeJson)}],
  }),
})
const { predictions } = await response.json()
console.log(predictions)`
}

/** @param {Request} request */
export function toPython({ texts, origin, keyed }) {
  const imports = keyed ? 'import os\n\nimport requests' : 'import requests'
  const headers = keyed ? '\n    headers={"X-API-Key": os.environ["POLARITY_API_KEY"]},' : ''
  return `${imports}

response = requests.post(
    ${literal(`${origin}/predict`, escapePython)},${headers}
    json={"text": [${literals(texts, escapePython)}]},
    timeout=30,
)
response.raise_for_status()
print(response.json()["predictions"])`
}

/**
 * In single quotes a shell reads nothing but their end.
 *
 * @param {string} text
 */
const inShell = (text) => `'${text.replaceAll("'", "'\\''")}'`

/**
 * @param {readonly string[]} texts
 * @param {(character: string) => string} toEscape
 */
const literals = (texts, toEscape) => texts.map((text) => literal(text, toEscape)).join(', ')

/**
 * A string of JSON, which JavaScript and Python read alike but for what `toEscape` writes.
 *
 * @param {string} text
 * @param {(character: string) => string} toEscape
 */
const literal = (text, toEscape) =>
  JSON.stringify(text.toWellFormed()).replaceAll(HIDDEN, (character) => toEscape(character))

/** @param {string} character */
const escapeJson = (character) =>
  character
    .split('')
    .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
    .join('')

/** @param {string} character */
function escapePython(character) {
  const codePoint = character.codePointAt(0) ?? 0
  return codePoint > 0xffff ? `\\U${hex(codePoint, 8)}` : `\\u${hex(codePoint, 4)}`
}

/**
 * @param {number} value
 * @param {number} digits
 */
const hex = (value, digits) => value.toString(16).padStart(digits, '0')
