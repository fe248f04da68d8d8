import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { toNhsNumber } from '../../schema/nhs-number.ts'
import { toOdsCode } from '../../schema/ods-code.ts'
import { type RegionConfiguration, regionListSetting } from '../../schema/regions.ts'
import { loadSettings } from '../../schema/service/load-settings.ts'
import { parseCommand, runMain } from '../../schema/service/run-main.ts'
import { UsageError } from '../../schema/service/startup-error.ts'
import type { PublicationRecord, PublicationsQuery } from '../store/published-by.ts'
import { createSqliteRecordStore } from '../store/sqlite-record-store.ts'

const usage = `Usage: npm run publications -- --region REGION [--publisher ODS] [--request ID] [--since TIME] [--nhs-number-from-stdin] [--limit N]

The publishing trail of a region's store, newest first: who published, when, how, as whom, under which request id, and what came of it.
  --publisher              only of this organisation
  --request                only under this id: the X-Request-Id that the publisher was answered
  --since                  only from then on, as 2026-11-22 or 2026-11-22T09:00:00Z
  --nhs-number-from-stdin  only what brought something that lies, or lay, in this patient's record; the number is read from standard
                           input, so that no list of processes shows it
  --limit                  at most so many; default 50
The records are in DATA_DIR/REGION/records.sqlite (DATA_DIR: .data), whether the record store is running or not.`

const columns = ['received', 'publisher', 'via', 'person', 'request', 'entries'] as const

if (import.meta.main) {
  await runMain(async () => {
    const { values } = parseCommand(
      {
        options: {
          region: { type: 'string' },
          publisher: { type: 'string' },
          request: { type: 'string' },
          since: { type: 'string' },
          'nhs-number-from-stdin': { type: 'boolean' },
          limit: { type: 'string', default: '50' },
          help: { type: 'boolean', short: 'h' },
        },
      },
      usage,
    )
    if (values.help) return console.log(usage)
    const { REGIONS: regions } = await loadSettings(process.env, { REGIONS: regionListSetting })
    const region = toRegion(regions, values.region)
    const query: PublicationsQuery = {
      publisher: values.publisher === undefined ? undefined : (toOdsCode(values.publisher) ?? values.publisher),
      requestId: values.request,
      since: toInstant(values.since),
      nhsNumber: values['nhs-number-from-stdin'] ? toNumber(await text(process.stdin)) : undefined,
      limit: toLimit(values.limit),
    }
    const file = join(process.env.DATA_DIR ?? '.data', region.slug, 'records.sqlite')
    if (!existsSync(file)) throw new UsageError(`DATA_DIR: expected a store's records, found no file ${file}`, usage)
    const store = createSqliteRecordStore({ region: region.code, file })
    try {
      console.log(printPublications(await store.findPublications(query)))
    } finally {
      store.close()
    }
  })
}

/** A table, a row for each publication. */
function printPublications(found: readonly PublicationRecord[]): string {
  if (found.length === 0) return 'No publication is on the trail.'
  const rows = found.map(({ receivedAt, publisher, via, person, requestId, counts }) => [
    receivedAt,
    publisher,
    via,
    person ?? '-',
    requestId,
    Object.entries(counts)
      .map(([became, count]) => `${count} ${became}`)
      .join(', ') || 'none',
  ])
  const table = [columns, ...rows]
  const widths = columns.map((_, index) => Math.max(...table.map((row) => row[index]?.length ?? 0)))
  return table
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function toRegion(regions: readonly RegionConfiguration[], slug: string | undefined): RegionConfiguration {
  const region = regions.find((one) => one.slug === slug)
  if (!region)
    throw new UsageError(
      `--region: expected ${regions.map((one) => one.slug).join(' or ')}, found ${slug ?? 'nothing'}`,
      usage,
    )
  return region
}

function toInstant(since: string | undefined): string | undefined {
  if (since === undefined) return undefined
  const ms = Date.parse(since)
  if (Number.isNaN(ms))
    throw new UsageError(`--since: expected a time as 2026-11-22 or 2026-11-22T09:00:00Z, found ${since}`, usage)
  return new Date(ms).toISOString()
}

function toNumber(input: string): string {
  const nhsNumber = toNhsNumber(input.trim())
  if (nhsNumber === null)
    throw new UsageError('--nhs-number-from-stdin: expected an NHS number on standard input, found none', usage)
  return nhsNumber
}

function toLimit(limit: string): number {
  if (!/^[1-9]\d{0,5}$/.test(limit))
    throw new UsageError(`--limit: expected a whole number from 1, found ${limit}`, usage)
  return Number(limit)
}
