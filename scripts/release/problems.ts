import type { Facts } from './facts.ts'

const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']

/** What stands between this commit and a release, one line each; empty if nothing does. */
export function problemsOf(facts: Facts): string[] {
  return [
    ...versionProblems(facts),
    ...changelogProblems(facts),
    ...facts.imageTags
      .filter(({ tag }) => tag !== facts.version)
      .map(({ file, tag }) => `${file} names the image of ${tag}, not of ${facts.version}`),
    ...(facts.changes ? [`not everything is committed:\n${facts.changes}`] : []),
  ]
}

function versionProblems({ version, locked, tags }: Facts): string[] {
  const problems: string[] = []
  if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`${version} is no release's version`)
  if (locked.some((other) => other !== version)) {
    problems.push(`package-lock.json says ${locked}, package.json ${version}`)
  }
  if (tags.includes(`v${version}`)) problems.push(`the tag v${version} exists already`)
  return problems
}

function changelogProblems({ changelog, version, today }: Facts): string[] {
  const [, ...sections] = changelog.split(/^## /m)
  const [first = ''] = sections
  const problems = sections.flatMap((section) => sectionProblems(section, today))
  if (!first.startsWith(`[${version}]`)) {
    problems.push(`CHANGELOG.md does not begin with ${version}`)
  }
  if (changelog.includes('<!--')) {
    problems.push('CHANGELOG.md holds a comment: a place for lines that are still to come')
  }
  return problems
}

/** A section begins `[1.2.3] - 2026-01-31`; its lines stand by kind. */
function sectionProblems(section: string, today: string): string[] {
  const [heading = '', ...lines] = section.split('\n')
  const name = `CHANGELOG.md, ${heading}`
  const date = /^\[\d+\.\d+\.\d+\] - (\d{4}-\d{2}-\d{2})$/.exec(heading)?.[1]
  const [before = '', ...kinds] = lines.join('\n').split(/^### /m)
  const problems = kinds.flatMap((kind) => kindProblems(kind, name))
  if (date === undefined) problems.push(`${name}: no version with its date`)
  else if (date > today) problems.push(`${name}: the date is to come`)
  if (before.trim() === '' && kinds.length === 0) problems.push(`${name}: is empty`)
  return problems
}

function kindProblems(text: string, section: string): string[] {
  const [kind = '', ...lines] = text.split('\n')
  const problems: string[] = []
  if (!KINDS.includes(kind)) problems.push(`${section}: ${kind} is none of ${KINDS.join(', ')}`)
  if (!lines.some((line) => line.startsWith('- '))) problems.push(`${section}: ${kind} is empty`)
  return problems
}
