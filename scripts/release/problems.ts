import type { Facts } from './facts.ts'

const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']

/** What prevents a release of this commit, one line each; empty if nothing does. */
export function problemsOf(facts: Facts): string[] {
  return [
    ...versionProblems(facts),
    ...changelogProblems(facts),
    ...facts.imageTags
      .filter(({ tag }) => tag !== facts.version)
      .map(({ file, tag }) => `${file}: image tag is ${tag}, not ${facts.version}`),
    ...facts.unpinned.map(({ file, name }) => `${file}: ${name} has no digest: npm run images:pin`),
    ...(facts.changes ? [`uncommitted changes:\n${facts.changes}`] : []),
  ]
}

function versionProblems({ version, locked, tags }: Facts): string[] {
  const problems: string[] = []
  if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`${version} is not a release version (X.Y.Z)`)
  if (locked.some((other) => other !== version)) {
    problems.push(`package-lock.json has ${locked}, package.json ${version}`)
  }
  if (tags.includes(`v${version}`)) problems.push(`tag v${version} already exists`)
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
    problems.push('CHANGELOG.md holds a comment, probably a placeholder')
  }
  return problems
}

/** A section's heading is `[1.2.3] - 2026-01-31`; its lines are grouped by kind. */
function sectionProblems(section: string, today: string): string[] {
  const [heading = '', ...lines] = section.split('\n')
  const name = `CHANGELOG.md, ${heading}`
  const date = /^\[\d+\.\d+\.\d+\] - (\d{4}-\d{2}-\d{2})$/.exec(heading)?.[1]
  const [before = '', ...kinds] = lines.join('\n').split(/^### /m)
  const problems = kinds.flatMap((kind) => kindProblems(kind, name))
  if (date === undefined) problems.push(`${name}: expected "[X.Y.Z] - YYYY-MM-DD"`)
  else if (date > today) problems.push(`${name}: the date is in the future`)
  if (before.trim() === '' && kinds.length === 0) problems.push(`${name}: is empty`)
  return problems
}

function kindProblems(text: string, section: string): string[] {
  const [kind = '', ...lines] = text.split('\n')
  const problems: string[] = []
  if (!KINDS.includes(kind)) problems.push(`${section}: ${kind} is not one of ${KINDS.join(', ')}`)
  if (!lines.some((line) => line.startsWith('- '))) problems.push(`${section}: ${kind} is empty`)
  return problems
}
