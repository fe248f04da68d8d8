import { join } from 'node:path'
import { type AuditTrail, createAuditTrail } from '../../../gateway/audit/audit-trail.ts'
import { fileSystem, type TrailDisk } from '../../../gateway/audit/trail-disk.ts'
import { concept, identifier, item, numberOf, publication } from '../store/publications.ts'
import { type Slug, type System, startSystem } from '../system.ts'
import type { RawDocument, RawYear } from './raw-year.ts'

/**
 * A system whose stores were published to, and whose trail was written, in the year before: as long ago as each thing
 * was, by its clock.
 */
export async function startRecordedYear({
  documents,
  records,
}: RawYear): Promise<System & { readonly address: string }> {
  let clock = Date.now()
  const system = await startSystem({ now: () => clock })
  const slugs = new Map(system.regions.map(({ code, slug }) => [code, slug as Slug]))
  for (const sent of Map.groupBy(documents, ({ atMs, region }) => `${atMs} ${region}`).values()) {
    const [{ atMs, region } = { atMs: clock, region: '' }] = sent
    clock = atMs
    const outcomes = await system.store(slugs.get(region) ?? 'cheshire-merseyside').publish(sent.map(toPublication))
    for (const outcome of outcomes) if (outcome.status === 'refused') throw new Error(JSON.stringify(outcome.faults))
  }
  const folder = join(system.auditFolder, '..', 'year')
  const secrets = [new Uint8Array(32).fill(7)] as const
  const trails = new Map<string, AuditTrail>()
  for (const { atMs, writer, events } of records) {
    clock = atMs
    const trail =
      trails.get(writer) ??
      (await createAuditTrail({ folder, writer, secrets, now: () => clock, rotateBytes: 1 << 20, disk: withoutSync }))
    trails.set(writer, trail)
    await trail.record(events)
  }
  for (const trail of trails.values()) await trail.close()
  clock = Date.now()
  const address = await system.another({ trail: await createAuditTrail({ folder, writer: 'gateway-3', secrets }) })
  return Object.assign(system, { address })
}

function toPublication({ name, version, organisation, type, lifecycle, replaces }: RawDocument) {
  const document = item('documents', name, {
    nhsNumber: numberOf(Number(name) % 5),
    version,
    lifecycle,
    organisation: { odsCode: organisation, name: null },
    replaces: replaces === null ? [] : [identifier(replaces)],
    fields: { type: concept('A letter', type) },
  })
  return publication({ items: [document] })
}

/** The real writer, but that a year of syncs is not waited for. */
const withoutSync: TrailDisk = {
  ...fileSystem,
  syncFolder: async () => {},
  open: async (file, mode) => ({ ...(await fileSystem.open(file, mode)), sync: async () => {} }),
}
