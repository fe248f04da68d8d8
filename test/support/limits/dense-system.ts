import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SectionField } from '../../../schema/sections.ts'
import type { ItemFields, PublishedItem, RecordStore } from '../../../subgraphs/store/record-store.ts'
import { concept, item, numberOf, patient, publication, trust } from '../store/publications.ts'
import { type GraphQLAnswer, type Slug, type System, startSystem } from '../system.ts'

/** What one region did for an operation. */
export interface RegionWork {
  /** Patients that the store found by their numbers. */
  patients: number
  /** Items that the store read. */
  items: number
  /** Bytes of the region's replies. */
  bytes: number
}

/**
 * Both stores over patients whose pages are full, a gateway without limits, and what each region does for what it is
 * asked.
 */
export interface DenseSystem extends AsyncDisposable {
  readonly system: System
  readonly nhsNumbers: readonly string[]
  /** Asks the gateway, and tells how much the regions did for it, the one that did most. */
  measure(
    query: string,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly answer: GraphQLAnswer; readonly work: RegionWork }>
}

const slugs: readonly Slug[] = ['cheshire-merseyside', 'lancashire-south-cumbria']
const lists = [
  'alerts',
  'allergies',
  'problems',
  'medications',
  'immunisations',
  'procedures',
  'carePlans',
  'contacts',
  'appointments',
] as const
const timelines = ['results', 'encounters', 'documents'] as const
const hourMs = 3_600_000

/**
 * More in each timeline than the largest page, and in each list as many as a section without pages is estimated to
 * have.
 */
const counts = { timeline: 110, list: 10 }

/** `patients`: how many. */
export async function startDenseSystem({ patients }: { readonly patients: number }): Promise<DenseSystem> {
  await using starting = new AsyncDisposableStack()
  const works = new Map<Slug, RegionWork>(slugs.map((slug) => [slug, { patients: 0, items: 0, bytes: 0 }]))
  const workOf = (slug: Slug) => works.get(slug) ?? { patients: 0, items: 0, bytes: 0 }
  const system = starting.use(
    await startSystem({ limited: false, watchStore: (slug, store) => countReads(store, workOf(slug)) }),
  )
  const nhsNumbers = Array.from({ length: patients }, (_, n) => numberOf(n))
  await Promise.all(slugs.map((slug) => publishDensePatients(system.store(slug), slug, patients)))
  const regions = await Promise.all(
    system.regions.map(async (region) => {
      const work = workOf(region.slug as Slug)
      const onBytes = (bytes: number) => {
        work.bytes += bytes
      }
      const proxy = starting.use(await countBytes(region.url, onBytes))
      return { ...region, url: proxy.url, timeMs: 60_000 }
    }),
  )
  const url = await system.another({ regions, deadlineMs: 120_000 })
  const token = await system.token()
  const running = starting.move()
  return {
    system,
    nhsNumbers,
    async measure(query, variables) {
      for (const work of works.values()) Object.assign(work, { patients: 0, items: 0, bytes: 0 })
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      })
      const text = await response.text()
      const load = ({ items, bytes }: RegionWork) => 25 * items + bytes / 35
      const [most] = [...works.values()].toSorted((a, b) => load(b) - load(a))
      return {
        answer: { status: response.status, errors: [], ...JSON.parse(text), text },
        work: { patients: 0, items: 0, bytes: 0, ...most },
      }
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function countReads(store: RecordStore, work: RegionWork): RecordStore {
  const counted = <Items extends ReadonlyMap<number, readonly unknown[]>>(found: Items): Items => {
    for (const items of found.values()) work.items += items.length
    return found
  }
  return {
    ...store,
    async findPatients(numbers) {
      const found = await store.findPatients(numbers)
      work.patients += found.size
      return found
    },
    readList: async (...question) => counted(await store.readList(...question)),
    readTimeline: async (...question) => counted(await store.readTimeline(...question)),
  }
}

/** A proxy that tells how many bytes the store's answers to queries have. */
async function countBytes(
  storeUrl: string,
  onBytes: (bytes: number) => void,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((incoming, response) => {
    const outgoing = request(
      new URL(incoming.url ?? '/', storeUrl),
      { method: incoming.method ?? 'GET', headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        if (incoming.url === '/graphql') answer.on('data', (chunk: Buffer) => onBytes(chunk.length))
        answer.pipe(response)
      },
    )
    outgoing.on('error', () => response.destroy())
    response.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Publishes the first patients of the 999 range, with full pages. */
export async function publishDensePatients(store: RecordStore, slug: Slug, patients: number): Promise<void> {
  const nowMs = Date.now()
  for (let n = 0; n < patients; n++) {
    const nhsNumber = numberOf(n)
    const each = <S extends SectionField>(section: S, count: number): readonly PublishedItem[] =>
      Array.from({ length: count }, (_, index) => {
        // Appointments are shown from today on.
        const at = new Date(
          section === 'appointments' ? nowMs + (index + 30) * hourMs : nowMs - index * hourMs,
        ).toISOString()
        return item(section, `${slug}-${section}-${n}-${index}`, {
          nhsNumber,
          at,
          version: 1,
          lastUpdated: at,
          fields: filled(at)[section] as Partial<ItemFields<S>>,
        })
      })
    await store.publish([
      publication({
        patients: [patient(n)],
        items: [
          ...lists.flatMap((section) => each(section, counts.list)),
          ...timelines.flatMap((section) => each(section, counts.timeline)),
        ],
      }),
    ])
  }
}

/** The fields that items have where publishers fill them in, as most do. */
function filled(at: string): { readonly [S in SectionField]: Partial<ItemFields<S>> } {
  const day = at.slice(0, 10)
  const quantity = {
    value: '140',
    comparator: null,
    unit: 'mmol/L',
    system: 'http://unitsofmeasure.org',
    code: 'mmol/L',
  }
  return {
    alerts: { category: concept('Safety'), start: day },
    allergies: {
      reactions: [{ manifestation: concept('Urticaria'), severity: 'MODERATE' }],
      onset: day,
      recorded: day,
    },
    problems: { onset: day, significance: 'MAJOR', recorded: day },
    medications: { dosage: 'One tablet twice a day with food', started: day, lastIssued: day, prescriber: trust },
    immunisations: { given: day, dose: '1', lot: 'A12345', site: concept('Left upper arm') },
    procedures: { performed: day },
    carePlans: { category: concept('Assessment and plan'), start: day, activities: ['Annual review'] },
    contacts: { relationship: concept('Daughter') },
    appointments: { start: at, end: at, specialty: concept('Cardiology'), description: 'Follow-up clinic' },
    results: {
      effective: at,
      quantity,
      referenceRange: '133 to 146 mmol/L',
      interpretation: concept('Normal', 'N'),
      components: [{ code: concept('Sodium'), value: '140', quantity }],
      report: concept('Urea and electrolytes'),
    },
    encounters: {
      type: concept('Outpatient visit'),
      start: at,
      end: at,
      reason: concept('Chest pain'),
      provider: trust,
    },
    documents: {
      created: at,
      indexed: at,
      author: { name: 'Dr A Example', role: concept('Consultant'), organisation: trust },
      custodian: trust,
      specialty: concept('Cardiology'),
    },
  } as { readonly [S in SectionField]: Partial<ItemFields<S>> }
}
