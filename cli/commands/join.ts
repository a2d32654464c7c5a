import { joinShards } from '../bulk/join-shards.ts'
import { tellCounts } from '../bulk/tell-counts.ts'
import { checkFactFiles } from '../bulk/write-facts.ts'
import { defineCommand } from '../define-command.ts'
import { ALLOW_BAD_ROWS, FACT_FILES } from '../options.ts'

/** `polarity join OUT`: one file from the parts of all shards. */
export const join = defineCommand({
  command: 'join <out>',
  describe: 'Join what the shards of a file have written, in the order of the file',
  builder: (args) =>
    args
      .positional('out', {
        type: 'string',
        demandOption: true,
        describe: '--out of the shards: its parts are OUT.shard-0-of-4 and so on',
      })
      .options({
        rejects: { type: 'string', describe: '--rejects of the shards, if they had it' },
        ...FACT_FILES,
        ...ALLOW_BAD_ROWS,
      } as const)
      .epilogue(
        'Refuses shards that are missing, not complete, or of other inputs, models or options. The parts stay.',
      ),
  async handler({ out, rejects, ...reporting }) {
    await checkFactFiles(reporting)
    const { facts, ...counted } = await joinShards(out, rejects)
    await tellCounts(counted, facts, reporting)
  },
})
