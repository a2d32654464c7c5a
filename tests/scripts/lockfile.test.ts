import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import lockfile from '../../package-lock.json' with { type: 'json' }

// Some packages write one name as a string.
const Names = z.union([z.string().transform((name) => [name]), z.array(z.string())]).default([])
const Entry = z.object({
  integrity: z.string().optional(),
  link: z.boolean().default(false),
  os: Names,
  cpu: Names,
  libc: Names,
})

const packages = Object.entries(z.record(z.string(), Entry).parse(lockfile.packages))
  .filter(([path, { link }]) => path.includes('node_modules/') && !link)
  .map(([path, entry]) => ({ name: path.split('node_modules/').at(-1) ?? '', ...entry }))

type Package = (typeof packages)[number]

/** As npm decides what it installs: a field that is left out allows everything. */
const fits = (allowed: readonly string[], value: string) =>
  allowed.length === 0 || allowed.includes(value) || allowed.every((one) => one[0] === '!')
const isInstalled = ({ os, cpu, libc }: Package, processor: string) =>
  fits(os, 'linux') && fits(cpu, processor) && fits(libc, 'glibc')

// Names that say so, in words of their own, such as @biomejs/cli-linux-x64-musl.
const OTHERS = ['android', 'darwin', 'freebsd', 'musl', 'openharmony', 'wasm32', 'win32', 'windows']
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  x64: [...OTHERS, 'arm', 'arm64', 'aarch64', 'ia32', 'ppc64', 'riscv64', 's390x'],
  arm64: [...OTHERS, 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x'],
}

describe('the lockfile', () => {
  it('has a hash of every package from the registry', () => {
    expect(packages.filter(({ integrity }) => !integrity).map(({ name }) => name)).toEqual([])
  })

  it.each(Object.entries(FOREIGN))('installs nothing for others on glibc and %s', (cpu, words) => {
    const installed = packages.filter((entry) => isInstalled(entry, cpu)).map(({ name }) => name)
    expect(
      installed.filter((name) => name.split(/[-/]/).some((word) => words.includes(word))),
    ).toEqual([])
  })

  it('holds the stubs in place of what no text needs', () => {
    const names = packages.map(({ name }) => name)
    expect(names.filter((name) => /^(sharp|onnxruntime-web|@img\/.*)$/.test(name))).toEqual([])
  })
})
