import type { System } from '../system.ts'

/** An item as the cross-region view shows it. */
export interface ViewedItem {
  readonly id: string
  readonly section: string
  readonly sources: readonly {
    readonly region: string
    readonly identifier: { readonly system: string; readonly value: string } | null
  }[]
  readonly report: { readonly text: string } | null
}

/** A patient as the view shows it. */
export interface View {
  /** The number in force, which the view answers with. */
  readonly nhsNumber: string
  readonly items: readonly ViewedItem[]
  /** What the view says of sections that it does not show whole. */
  readonly incomplete: readonly string[]
}

interface Section {
  readonly complete: boolean
  readonly message: string
  readonly nodes: readonly (Pick<ViewedItem, 'id' | 'sources'> & Partial<Pick<ViewedItem, 'report'>>)[]
}
interface Page extends Section {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

const item = 'id sources { region identifier { system value } }'
const lists = `
  alerts { ...Answers nodes { ${item} } } allergies { ...Answers nodes { ${item} } } problems { ...Answers nodes { ${item} } }
  medications(all: true) { ...Answers nodes { ${item} } } immunisations { ...Answers nodes { ${item} } } procedures { ...Answers nodes { ${item} } }
  carePlans { ...Answers nodes { ${item} } } contacts { ...Answers nodes { ${item} } } appointments(since: "1900") { ...Answers nodes { ${item} } }`
const timelines = {
  results: '{ all: true }',
  encounters: '{ all: true }',
  documents: '{ status: [CURRENT, SUPERSEDED] }',
} as const

/** Everything that the view holds of a patient: list sections whole, timelines paged to their end. */
export async function readView(system: System, nhsNumber: string, token: string): Promise<View> {
  const ask = async (selection: string, after: string | null = null) => {
    const text = `query Read($nhsNumber: NHSNumber!${after === null ? '' : ', $after: String!'}) { patient(nhsNumber: $nhsNumber) { ${selection} } } fragment Answers on Section { complete message }`
    const { data, errors } = await system.query(text, { nhsNumber, after }, token)
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
    return data.patient
  }
  const items: ViewedItem[] = []
  const incomplete = new Set<string>()
  const add = (section: string, { complete, message, nodes }: Section) => {
    if (!complete) incomplete.add(`${section}: ${message}`)
    for (const node of nodes) items.push({ ...node, report: node.report ?? null, section })
  }
  const { nhsNumber: inForce, ...answers } = await ask(`nhsNumber ${lists}`)
  for (const [section, answer] of Object.entries<Section>(answers)) add(section, answer)
  for (const [section, filter] of Object.entries(timelines)) {
    let after: string | null = null
    do {
      const position = after === null ? '' : ', after: $after'
      const fields = `...Answers nodes { ${item} ${section === 'results' ? 'report { text }' : ''} } pageInfo { hasNextPage endCursor }`
      const page: Page = (await ask(`${section}(first: 100${position}, filter: ${filter}) { ${fields} }`, after))[
        section
      ]
      add(section, page)
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
  }
  return { nhsNumber: inForce, items, incomplete: [...incomplete] }
}
