import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planJobs } from '../../../cli/bulk/jobs.ts'
import { rejection } from '../../rejection.ts'
import { inFolder } from './run.ts'

describe('files that become others in a folder', () => {
  it.each([
    ['reviews.csv', {}, 'reviews.csv'],
    ['reviews.CSV.gz', {}, 'reviews.CSV'],
    ['deep/reviews.tab', {}, 'reviews.tab'],
    ['reviews.ndjson', {}, 'reviews.ndjson'],
    ['reviews.parquet', {}, 'reviews.csv'],
    ['reviews', {}, 'reviews'],
    ['2026.reviews.log', {}, '2026.reviews.log'],
    ['reviews.csv', { to: 'jsonl' }, 'reviews.jsonl'],
    ['reviews.txt', { to: 'csv' }, 'reviews.csv'],
    ['2026.reviews', { from: 'csv' }, '2026.reviews.csv'],
    ['reviews.csv', { to: 'csv', from: 'parquet' }, 'reviews.csv'],
  ] as const)(
    'have their names, with the ending of the format: %s %o',
    async (input, options, name) => {
      const { jobs, folder } = await planJobs([input], { out: 'labelled/', ...options })
      expect(folder).toBe('labelled/')
      expect(jobs).toEqual([{ input, out: `labelled/${name}`, rejectsFile: undefined }])
    },
  )

  it('need no slash if the folder is there', () =>
    inFolder(async (folder) => {
      const { jobs } = await planJobs(['a.csv', 'b.csv'], { out: folder })
      expect(jobs.map(({ out }) => out)).toEqual([join(folder, 'a.csv'), join(folder, 'b.csv')])
    }))

  it('have their rejected rows in a folder too', async () => {
    const { jobs } = await planJobs(['a.csv.gz', 'b.txt'], { out: 'o/', rejects: 'bad/' })
    const rejects = jobs.map(({ rejectsFile }) => rejectsFile)
    expect(rejects).toEqual(['bad/a.rejects.jsonl', 'bad/b.rejects.jsonl'])
  })

  it.each([
    { files: ['a.csv', 'b.csv'], out: 'out.csv', says: '--out DIR/' },
    { files: ['a.csv', 'b.csv'], out: '-', says: '--out DIR/' },
    { files: ['a.csv'], out: 'o/', rejects: 'bad', says: '--rejects DIR/' },
    { files: ['a/x.csv', 'b/x.csv'], out: 'o/', says: 'a/x.csv and b/x.csv would both become' },
    { files: ['x.csv', './x.csv.gz'], out: 'o/', says: 'would both become' },
    { files: ['o/x.csv', 'y.csv'], out: 'o/', says: 'is an input' },
    { files: ['-', 'x.csv'], out: 'o/', says: 'standard input has no name' },
  ])('are refused: $files to $out', async ({ files, says, ...options }) => {
    const error = await rejection(planJobs(files, options))
    expect(error).toMatchObject({ name: 'UsageError', message: expect.stringContaining(says) })
  })
})

describe('one file', () => {
  it('becomes another, or standard output', async () => {
    const [to, through] = [
      await planJobs(['a.csv'], { out: 'b.csv', rejects: 'bad' }),
      await planJobs(['-'], { out: '-' }),
    ]
    expect(to).toEqual({
      jobs: [{ input: 'a.csv', out: 'b.csv', rejectsFile: 'bad' }],
      folder: undefined,
    })
    expect(through.jobs).toEqual([{ input: '-', out: '-', rejectsFile: undefined }])
  })

  it('can’t become itself, by whatever name', () =>
    inFolder(async (folder) => {
      await mkdir(join(folder, 'sub'))
      await writeFile(join(folder, 'a.csv'), '')
      const error = await rejection(
        planJobs([join(folder, 'a.csv')], { out: `${folder}/sub/../a.csv` }),
      )
      expect(error).toMatchObject({ name: 'UsageError' })
    }))
})
