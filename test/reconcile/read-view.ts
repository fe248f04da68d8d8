import type { System } from '../support/system.ts'

/** An item as the cross-region view shows it. */
export interface ViewedItem {
  readonly section: string
  readonly sources: readonly { readonly region: string; readonly identifier: { readonly system: string; readonly value: string } | null }[]
  readonly report: { readonly text: string } | null
}

interface Section {
  readonly complete: boolean
  readonly message: string
  readonly nodes: readonly (Pick<ViewedItem, 'sources'> & Partial<Pick<ViewedItem, 'report'>>)[]
}
interface Page extends Section {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

const item = 'id sources { region identifier { system value } }'
const lists = `
  alerts { ...Answers nodes { ${item} } } allergies { ...Answers nodes { ${item} } } problems { ...Answers nodes { ${item} } }
  medications(all: true) { ...Answers nodes { ${item} } } immunisations { ...Answers nodes { ${item} } } procedures { ...Answers nodes { ${item} } }
  carePlans { ...Answers nodes { ${item} } } contacts { ...Answers nodes { ${item} } } appointments(since: "1900") { ...Answers nodes { ${item} } }`
const timelines = { results: '{ all: true }', encounters: '{ all: true }', documents: '{ status: [CURRENT, SUPERSEDED] }' } as const

/** Everything that the view holds of a patient: list sections whole, timelines paged to their end. Throws where anything is incomplete. */
export async function readView(system: System, nhsNumber: string, token: string): Promise<readonly ViewedItem[]> {
  const ask = async (selection: string, after: string | null = null) => {
    const text = `query Read($nhsNumber: NHSNumber!${after === null ? '' : ', $after: String!'}) { patient(nhsNumber: $nhsNumber) { ${selection} } } fragment Answers on Section { complete message }`
    const { data, errors } = await system.query(text, { nhsNumber, after }, token)
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
    return data.patient
  }
  const items: ViewedItem[] = []
  const add = (section: string, { complete, message, nodes }: Section) => {
    if (!complete) throw new Error(`${section}: ${message}`)
    for (const node of nodes) items.push({ ...node, report: node.report ?? null, section })
  }
  for (const [section, answer] of Object.entries<Section>(await ask(lists))) add(section, answer)
  for (const [section, filter] of Object.entries(timelines)) {
    let after: string | null = null
    do {
      const position = after === null ? '' : ', after: $after'
      const fields = `...Answers nodes { ${item} ${section === 'results' ? 'report { text }' : ''} } pageInfo { hasNextPage endCursor }`
      const page: Page = (await ask(`${section}(first: 100${position}, filter: ${filter}) { ${fields} }`, after))[section]
      add(section, page)
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
  }
  return items
}
