import { numberOf, optOut, patient, publication } from '../store/publications.ts'
import { type Slug, type System, startSystem } from '../system.ts'
import { toComparableText } from './comparable-response.ts'
import { contentOf, type TwinItem, toPublished } from './twin-items.ts'

/** What a region holds of one patient of a pair. */
export interface TwinRecord {
  readonly items: readonly TwinItem[]
  readonly sensitive?: boolean
  /** ODS code of the practice and of who published the demographics. */
  readonly home?: string
}
export type TwinRecords = Readonly<Record<Slug, TwinRecord>>

/** Two whole systems with one clock, in which the same number is a patient of whom they hold different things. */
export interface TwinSystems extends AsyncDisposable {
  readonly nowMs: number
  /** Publishes a fresh number's records, the one in the left system, the other in the right; returns the number. */
  publish(left: TwinRecords, right: TwinRecords): Promise<string>
  /** Asks both systems, each its query; returns both answers without what differs between any two. */
  ask(
    queries: readonly [string, string],
    viewer?: { readonly role?: string; readonly organisation?: string },
  ): Promise<readonly [string, string]>
  readonly systems: readonly [System, System]
}

export const slugs: readonly Slug[] = ['cheshire-merseyside', 'lancashire-south-cumbria']
/** The organisation whose items the patients do not want shared. */
export const optedOut = 'RBN'

export async function startTwins(): Promise<TwinSystems> {
  const nowMs = Date.now()
  const start = () => startSystem({ limited: false, now: () => nowMs })
  const systems = [await start(), await start()] as const
  let patients = 0
  return {
    nowMs,
    systems,
    async publish(left, right) {
      const n = ++patients
      for (const [system, records] of [[systems[0], left] as const, [systems[1], right] as const])
        for (const slug of slugs) {
          const [outcome] = await system.store(slug).publish([toPublication(n, records[slug], nowMs)])
          if (outcome?.status !== 'stored') throw new Error(JSON.stringify(outcome))
        }
      return numberOf(n)
    },
    async ask(queries, viewer = {}) {
      const [left, right] = await Promise.all(
        systems.map(async (system, index) => {
          const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token(viewer)}` }
          return (
            await toComparableText(
              await fetch(`${system.url}/graphql`, {
                method: 'POST',
                headers,
                body: JSON.stringify({ query: queries[index] }),
              }),
            )
          ).replaceAll(system.url, 'http://gateway')
        }),
      )
      return [left ?? '', right ?? '']
    },
    async [Symbol.asyncDispose]() {
      for (const system of systems) await system[Symbol.asyncDispose]()
    },
  }
}

/** The record as one publication. */
export function toPublication(n: number, { items, sensitive = false, home = 'RBL' }: TwinRecord, nowMs: number) {
  const nhsNumber = numberOf(n)
  const organisation = { odsCode: home, name: `place-${home}` }
  return publication({
    patients: [
      patient(n, {
        sensitive,
        localIdentifiers: [{ system: `https://place-${home}.example`, value: home }],
        fields: {
          organisation,
          gpPractice: organisation,
          address: { lines: [`place-${home}`], city: home, postcode: null },
        },
      }),
    ],
    items: items.map((one) => toPublished(one, { nhsNumber, nowMs })),
    optOuts: [optOut(`opt-out-${n}`, { nhsNumber, organisation: { odsCode: optedOut, name: null } })],
    contents: items.flatMap((one) => (one.section === 'documents' ? [contentOf(one)] : [])),
  })
}
