/** Verdicts: `refused` with one error and closed, `one` answer of any kind, or these statuses. */
type Verdict = 'refused' | 'one' | readonly number[]

export interface RawCase {
  readonly name: string
  readonly bytes: readonly Buffer[]
  readonly verdict: Verdict
}

const BODY = '{"text":["I love it"]}'
/** Never to be answered where it is hidden in the body of another request. */
const HIDDEN = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'
const LENGTH = `Content-Length: ${BODY.length}`
const CHUNKED = 'Transfer-Encoding: chunked'
const JSON_TYPE = 'Content-Type: application/json'
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const WHOLE = `${chunk(BODY)}0\r\n\r\n`

const bytes = (text: string) => [Buffer.from(text, 'latin1')]
const head = (line: string, headers: readonly string[]) =>
  `${[line, ...headers].join('\r\n')}\r\n\r\n`
const post = (headers: readonly string[], body = BODY, path = '/predict') =>
  head(`POST ${path} HTTP/1.1`, ['Host: a', JSON_TYPE, ...headers]) + body
const get = (headers: readonly string[] = [], line = 'GET /health HTTP/1.1') =>
  head(line, ['Host: a', ...headers])

/** A body that ends, for one reading, before the hidden request, and for another after it. */
const SMUGGLED = WHOLE + HIDDEN
const LONG = `Content-Length: ${SMUGGLED.length}`

type Texts = Record<string, string>

const framing = (): Texts => ({
  'both lengths, chunked first': post([CHUNKED, LONG], SMUGGLED),
  'both lengths, Content-Length first': post([LONG, CHUNKED], SMUGGLED),
  'Content-Length twice, different': post([LENGTH, LONG], BODY + HIDDEN),
  'Content-Length as a list': post([`${LENGTH}, ${SMUGGLED.length}`], BODY + HIDDEN),
  ...Object.fromEntries(
    ['-22', '+22', '0x16', '1e30', '', '22 22', '22;', '2_2', '22.0', '99999999999999999999'].map(
      (value) => [`Content-Length: "${value}"`, post([`Content-Length: ${value}`], BODY + HIDDEN)],
    ),
  ),
  'space before the colon of Content-Length': post(
    [`Content-Length : ${BODY.length}`],
    BODY + HIDDEN,
  ),
  'space before the colon of Transfer-Encoding': post(
    ['Transfer-Encoding : chunked', LENGTH],
    SMUGGLED,
  ),
  'Transfer-Encoding: xchunked': post(['Transfer-Encoding: xchunked', LONG], SMUGGLED),
  'Transfer-Encoding: chunked, identity': post(['Transfer-Encoding: chunked, identity'], SMUGGLED),
  'Transfer-Encoding twice, the last not chunked': post(
    [CHUNKED, 'Transfer-Encoding: gzip'],
    SMUGGLED,
  ),
  'Transfer-Encoding behind a vertical tab': post(['Transfer-Encoding: \x0bchunked'], SMUGGLED),
  'folded header': get(['X-A: b', '  c']),
  'folded Transfer-Encoding': post(['Transfer-Encoding:', ' chunked', LONG], SMUGGLED),
  'CR in a header': get(['X-A: a\rX-B: b']),
  'NUL in a header': get(['X-A: a\0b']),
  'NUL in the path': get([], 'GET /hea\0lth HTTP/1.1'),
  'header without a colon': get(['X-A']),
  'header without a name': get([': a']),
})

const chunks = (): Texts => ({
  'chunk size zz': post([CHUNKED], `zz\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`),
  'chunk size -1': post([CHUNKED], `-1\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`),
  'chunk size +16': post([CHUNKED], `+16\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`),
  'chunk size 0x16': post([CHUNKED], `0x16\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`),
  'chunk size that overflows': post([CHUNKED], `fffffffffffffffff\r\n${BODY}\r\n0\r\n\r\n`),
  'chunk size that wraps to 22': post([CHUNKED], `10000000000000016\r\n${BODY}\r\n0\r\n\r\n`),
  'no line break after a chunk': post([CHUNKED], `16\r\n${BODY}0\r\n\r\n${HIDDEN}`),
  'chunk longer than its size': post([CHUNKED], `5\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`),
  'chunk extension of 64 kB': post([CHUNKED], `16;a=${'b'.repeat(65_536)}\r\n${BODY}\r\n0\r\n\r\n`),
})

const sizes = (): Texts => ({
  'header of 100 kB': get([`X-A: ${'a'.repeat(100_000)}`]),
  '10,000 headers': get(Array.from({ length: 10_000 }, (_, i) => `X-${i}: a`)),
  'path of 70 kB': get([], `GET /${'a'.repeat(70_000)} HTTP/1.1`),
})

const lines = (): Texts => ({
  'HTTP/9.9': get([], 'GET /health HTTP/9.9'),
  'HTTP/2 preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'lower-case method': get([], 'get /health HTTP/1.1'),
  'method with a control character': get([], 'G\x01T /health HTTP/1.1'),
  'no Host': head('GET /health HTTP/1.1', []),
  'two Hosts': get(['Host: b']),
})

/** One answer, be it good or bad, and never a second. */
const single = (): Texts => ({
  'Content-Length twice, equal': post([LENGTH, LENGTH]),
  'Transfer-Encoding: gzip, chunked': post(['Transfer-Encoding: gzip, chunked'], WHOLE),
  'HTTP/1.0 with chunks': `POST /predict HTTP/1.0\r\n${JSON_TYPE}\r\n${CHUNKED}\r\n\r\n${WHOLE}`,
  trailers: post([CHUNKED], `${chunk(BODY)}0\r\nX-T: a\r\n\r\n`),
  'trailer Content-Length': post([CHUNKED], `${chunk(BODY)}0\r\nContent-Length: 5\r\n\r\n`),
  'Host with a path': head('GET /health HTTP/1.1', ['Host: a/b']),
  'Host with a user': head('GET /health HTTP/1.1', ['Host: u@a']),
  'Host with a bad port': head('GET /health HTTP/1.1', ['Host: a:99999']),
  'empty Host': head('GET /health HTTP/1.1', ['Host:']),
  'OPTIONS *': get([], 'OPTIONS * HTTP/1.1'),
  CONNECT: get([], 'CONNECT a:80 HTTP/1.1'),
  TRACE: get([], 'TRACE /health HTTP/1.1'),
  'unknown method': get([], 'BREW /health HTTP/1.1'),
  'bare LF': 'GET /health HTTP/1.1\nHost: a\n\n',
  // RFC 9112, 3: a server may take any blanks between the words.
  'two spaces in the request line': get([], 'GET  /health  HTTP/1.1'),
  'HTTP/0.9': 'GET /health\r\n\r\n',
  'Expect: nonsense': post(['Expect: nonsense', LENGTH]),
  ...hidden(),
})

/** A request in the body of one that is refused before its body is read. */
const hidden = (): Texts => {
  const length = `Content-Length: ${HIDDEN.length}`
  return Object.fromEntries(
    [
      ['GET', get([length]) + HIDDEN],
      ['HEAD', get([length], 'HEAD /health HTTP/1.1') + HIDDEN],
      ['404', post([length], HIDDEN, '/none')],
      ['405', post([length], HIDDEN, '/health')],
      ['DELETE', get([length], 'DELETE /predict HTTP/1.1') + HIDDEN],
      ['malformed JSON', post([length], HIDDEN)],
      ['404 in chunks', post([CHUNKED], `${chunk(HIDDEN)}0\r\n\r\n`, '/none')],
      ['415', head('POST /predict HTTP/1.1', ['Host: a', 'Content-Type: a/b', length]) + HIDDEN],
      ['413', post(['Content-Length: 2000001'], HIDDEN)],
    ].map(([name, text = '']) => [`request hidden in a body, ${name}`, text]),
  )
}

/** What must be answered as usual. */
const fine = (): RawCase[] => [
  { name: 'three at once', bytes: bytes(get() + get() + get()), verdict: [200, 200, 200] },
  {
    name: 'byte by byte',
    bytes: [...post([LENGTH])].map((byte) => Buffer.from(byte, 'latin1')),
    verdict: [200],
  },
  { name: 'chunks', bytes: bytes(post([CHUNKED], WHOLE)), verdict: [200] },
  {
    name: 'chunk extension',
    bytes: bytes(post([CHUNKED], `16;a=b\r\n${BODY}\r\n0\r\n\r\n`)),
    verdict: [200],
  },
  { name: 'absolute form', bytes: bytes(get([], 'GET http://a/health HTTP/1.1')), verdict: [200] },
  { name: 'HTTP/1.0 without Host', bytes: bytes('GET /health HTTP/1.0\r\n\r\n'), verdict: [200] },
  {
    name: 'Expect: 100-continue',
    bytes: bytes(post(['Expect: 100-continue', LENGTH])),
    verdict: [200],
  },
  {
    name: 'Expect: 100-Continue',
    bytes: bytes(post(['Expect: 100-Continue', LENGTH])),
    verdict: [200],
  },
]

/** Requests that only a raw socket sends. */
export function rawCases(): RawCase[] {
  const toCases = (texts: Texts, verdict: Verdict) =>
    Object.entries(texts).map(([name, text]) => ({ name, bytes: bytes(text), verdict }))
  const refused = { ...framing(), ...chunks(), ...sizes(), ...lines() }
  return [...toCases(refused, 'refused'), ...toCases(single(), 'one'), ...fine()]
}
