import type { ConsentRow } from '../../../subgraphs/demo/consent-rows.ts'
import type { DemoRegion } from '../../../subgraphs/demo/vocabulary/person.ts'
import { publishedOperation } from '../published-operation.ts'
import type { System } from '../system.ts'
import { type ItemSection, itemSections, publishedItems, toKey } from './published-items.ts'

/** What a viewer sees of one region in a view. */
export interface ShownRegion {
  readonly status: string
  /** Null where the region looks as if it had never seen the number. */
  readonly code: string | null
  readonly grant: string | null
  readonly hasDemographics: boolean
  /** By section, `RECORDED` as its answer, `RECORDED, withheld` where it says that something was held back. */
  readonly answers: Readonly<Record<string, string>>
  /** Of what was published to the region, by name, as `problems: Asthma`; sorted. */
  readonly shown: readonly string[]
  readonly keptBack: readonly string[]
  /** Whether content can be opened, of the documents shown; each answer once. */
  readonly contents: readonly string[]
}

export interface RowView {
  readonly regions: Readonly<Record<DemoRegion, ShownRegion>>
  readonly complete: boolean
  readonly demographics: Demographics | null
}

interface Demographics {
  readonly locationProtected: boolean
  readonly address: unknown
  readonly telecom: readonly unknown[]
  readonly gpPractice: unknown
  readonly sources: readonly { readonly region: string; readonly organisation: unknown }[]
}

/** Breaks the glass in both regions, as the row says; each region's answer. */
export async function breakGlass(
  system: System,
  row: ConsentRow,
): Promise<Readonly<Record<DemoRegion, { status: string; grant: string | null; until: string | null }>>> {
  const ask = async (region: string) => {
    const variables = { nhsNumber: row.patient, region, ...row.breaks, justification: 'As the row of the table says' }
    const { data, text } = await system.query(publishedOperation('break-glass'), variables, await tokenOf(system, row))
    if (!data?.breakGlass) throw new Error(text)
    return data.breakGlass
  }
  return {
    'cheshire-merseyside': await ask('CHESHIRE_MERSEYSIDE'),
    'lancashire-south-cumbria': await ask('LANCASHIRE_SOUTH_CUMBRIA'),
  }
}

/** The whole record as the row's viewer asks for it, without the default windows: what is absent is kept back. */
export async function readRowView(system: System, row: ConsentRow): Promise<RowView> {
  const { data, text } = await system.query(
    everything,
    { nhsNumber: row.patient, access: row.access },
    await tokenOf(system, row),
  )
  if (!data?.patient) throw new Error(text)
  const { patient } = data
  const lookAt = (region: DemoRegion, index: number) =>
    toRegionLook(patient, index, publishedItems(row.patient, region))
  return {
    regions: {
      'cheshire-merseyside': lookAt('cheshire-merseyside', 0),
      'lancashire-south-cumbria': lookAt('lancashire-south-cumbria', 1),
    },
    complete: patient.completeness.complete,
    demographics: patient.demographics,
  }
}

function tokenOf(system: System, { viewer: { role, organisation, person, areaOfWork } }: ConsentRow): Promise<string> {
  return system.token({
    role,
    organisation,
    ...(person === undefined ? {} : { person }),
    ...(areaOfWork === undefined ? {} : { areaOfWork }),
  })
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of the query below
function toRegionLook(patient: any, index: number, published: ReturnType<typeof publishedItems>): ShownRegion {
  const { region, status, decision } = patient.completeness.regions[index]
  const here = (sources: readonly Source[]) => sources.filter((source) => source.region === region.code)
  const shown = new Set(
    itemSections.flatMap((section) =>
      patient[section].nodes.flatMap(({ sources }: Item) =>
        here(sources).map((source) => nameOf(source, section, published)),
      ),
    ),
  )
  const documents: readonly Item[] = patient.documents.nodes
  return {
    status,
    code: decision?.code ?? null,
    grant: decision?.grant ?? null,
    hasDemographics: here(patient.demographics?.sources ?? []).length > 0,
    answers: Object.fromEntries(
      [...itemSections, 'contacts'].map((section) => {
        const { answer, withheld } = patient[section].answers[index]
        return [section, withheld ? `${answer}, withheld` : answer]
      }),
    ),
    shown: [...shown].sort(),
    keptBack: [...new Set([...published.values()].map(({ name }) => name))].filter((name) => !shown.has(name)).sort(),
    contents: [
      ...new Set(
        documents.flatMap(({ sources, contentAnswer }) =>
          here(sources).length > 0 && contentAnswer !== undefined ? [contentAnswer] : [],
        ),
      ),
    ],
  }
}

interface Source {
  readonly region: string
  readonly identifier: { readonly system: string; readonly value: string }
}

interface Item {
  readonly sources: readonly Source[]
  readonly contentAnswer?: string
}

function nameOf({ identifier }: Source, section: ItemSection, published: ReturnType<typeof publishedItems>): string {
  const item = published.get(toKey(identifier))
  if (item?.section !== section) throw new Error(`${section}: nobody published ${toKey(identifier)}`)
  return item.name
}

const everything = `query Everything($nhsNumber: NHSNumber!, $access: AccessContext) {
  patient(nhsNumber: $nhsNumber, access: $access) {
    completeness { complete regions { region { code } status decision { code grant } } }
    demographics { locationProtected address { lines } telecom { value } gpPractice { odsCode } sources { region organisation { odsCode } } }
    contacts { ...Answers }
    ${['alerts', 'allergies', 'problems', 'immunisations', 'procedures', 'carePlans', 'appointments'].map((section) => `${section} { ...Answers nodes { ...Sources } }`).join('\n    ')}
    medications(all: true) { ...Answers nodes { ...Sources } }
    results(first: 100, filter: { all: true }) { ...Answers nodes { ...Sources } }
    encounters(first: 100, filter: { all: true }) { ...Answers nodes { ...Sources } }
    documents(first: 100) { ...Answers nodes { ...Sources contentAnswer } }
  }
}
fragment Answers on Section { answers { answer withheld } }
fragment Sources on Item { sources { region identifier { system value } } }`
