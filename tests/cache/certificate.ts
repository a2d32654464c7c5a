import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A self-signed certificate for localhost, valid for a day, in a folder that the caller deletes. */
export function createCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const output = ['-keyout', key, '-out', cert, '-days', '1']
  const options = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...names, ...output]
  execFileSync('openssl', options, { stdio: 'ignore' })
  return { folder, key, cert }
}
