import { createHash } from 'node:crypto'
import type * as Region from '../../../schema/generated/region.ts'
import { checkDigit } from '../../../schema/nhs-number.ts'
import type { SectionField } from '../../../schema/sections.ts'
import type { PublishedBy } from '../../../subgraphs/store/published-by.ts'
import type {
  ItemFields,
  Publication,
  PublishedContent,
  PublishedItem,
  PublishedOptOut,
  PublishedPatient,
  PublishedReferral,
} from '../../../subgraphs/store/record-store.ts'

/** The nth number of the 999 range, which is never issued. */
export function numberOf(n: number): string {
  let found = -1
  for (let serial = 1; ; serial++) {
    const nine = `999${String(serial).padStart(6, '0')}`
    const digit = checkDigit(nine)
    if (digit !== null && ++found === n) return `${nine}${digit}`
  }
}

export const trust: Region.Organisation = {
  odsCode: 'REM',
  name: 'Liverpool University Hospitals NHS Foundation Trust',
}
export const council: Region.Organisation = { odsCode: '323', name: 'Lancashire County Council' }

export function concept(text: string, code = text, system = 'http://snomed.info/sct'): Region.Concept {
  return { text, codings: [{ system, code, display: text }] }
}

export function identifier(value: string): Region.Identifier {
  return { system: 'urn:test', value }
}

const fields: { readonly [S in SectionField]: ItemFields<S> } = {
  alerts: { code: concept('Falls risk'), category: null, status: 'ACTIVE', start: null, end: null },
  allergies: {
    substance: concept('Penicillin'),
    category: 'MEDICATION',
    criticality: 'HIGH',
    status: 'ACTIVE',
    verification: 'CONFIRMED',
    reactions: [],
    onset: null,
    recorded: null,
  },
  problems: {
    code: concept('Asthma'),
    status: 'ACTIVE',
    verification: 'CONFIRMED',
    onset: null,
    abatement: null,
    significance: null,
    recorded: null,
  },
  medications: {
    medicine: concept('Ramipril'),
    dosage: null,
    status: 'ACTIVE',
    kind: 'REPEAT',
    started: null,
    ended: null,
    lastIssued: null,
    prescriber: null,
  },
  immunisations: { vaccine: concept('Influenza'), status: 'COMPLETED', given: null, dose: null, lot: null, site: null },
  procedures: { code: concept('Appendicectomy'), status: 'COMPLETED', performed: null },
  carePlans: { title: 'Care plan', category: null, status: 'ACTIVE', start: null, end: null, activities: [] },
  contacts: {
    name: 'A. Friend',
    relationship: null,
    professional: false,
    worksFor: trust,
    telecom: [{ system: 'phone', value: '01632 960000', use: null }],
  },
  appointments: { start: null, end: null, status: 'BOOKED', specialty: null, location: 'Clinic 3', description: null },
  results: {
    code: concept('Sodium'),
    category: 'LABORATORY',
    effective: null,
    status: 'FINAL',
    value: '140',
    quantity: null,
    referenceRange: null,
    interpretation: null,
    components: [],
    report: null,
  },
  encounters: {
    class: 'AMBULATORY',
    type: null,
    status: 'FINISHED',
    start: null,
    end: null,
    reason: null,
    provider: null,
  },
  documents: {
    title: 'Discharge summary',
    type: concept('Discharge summary', '373942005'),
    category: null,
    status: 'CURRENT',
    created: null,
    indexed: null,
    author: null,
    custodian: null,
    specialty: null,
    confidentiality: 'NORMAL',
    replaces: [],
    contentAnswer: 'ABSENT',
    content: null,
  },
}

export type ItemChanges<S extends SectionField> = Partial<Omit<PublishedItem<S>, 'section' | 'fields'>> & {
  readonly fields?: Partial<ItemFields<S>>
  readonly at?: string | null
}

/** An item with a business identifier of its name, undated unless `at` says when. */
export function item<S extends SectionField>(
  section: S,
  name: string,
  { at = null, fields: changed, ...rest }: ItemChanges<S> = {},
): PublishedItem<S> {
  return {
    section,
    resourceType: 'Resource',
    entry: 0,
    nhsNumber: numberOf(0),
    identifier: identifier(name),
    resourceId: name,
    version: null,
    lastUpdated: null,
    organisation: trust,
    lifecycle: 'current',
    orderedAtMs: at === null ? null : Date.parse(at),
    labels: [],
    replaces: [],
    basedOn: [],
    ...rest,
    fields: { ...(fields[section] as ItemFields<S>), ...changed },
  }
}

export function patient(
  n: number,
  {
    fields: changed,
    ...rest
  }: Partial<Omit<PublishedPatient, 'fields'>> & { readonly fields?: Partial<PublishedPatient['fields']> } = {},
): PublishedPatient {
  return {
    entry: 0,
    nhsNumber: numberOf(n),
    verification: '01',
    supersedes: [],
    sensitive: false,
    localIdentifiers: [],
    ...rest,
    fields: {
      name: { full: `Patient ${n}`, family: String(n), given: ['Patient'], prefix: [] },
      birthDate: '1980-02-03',
      deceased: false,
      deceasedAt: null,
      gender: 'FEMALE',
      address: { lines: ['1 Secret Lane'], city: 'Southport', postcode: 'PR8 1AA' },
      telecom: [{ system: 'phone', value: '01632 960999', use: 'home' }],
      gpPractice: { odsCode: 'P81001', name: 'A Practice' },
      identifier: null,
      version: null,
      lastUpdated: null,
      organisation: trust,
      ...changed,
    },
  }
}

export function optOut(name: string, changes: Partial<PublishedOptOut> = {}): PublishedOptOut {
  return {
    entry: 0,
    nhsNumber: numberOf(0),
    identifier: identifier(name),
    resourceId: name,
    lastUpdated: null,
    active: true,
    organisation: null,
    ...changes,
  }
}

export function referral(name: string, changes: Partial<PublishedReferral> = {}): PublishedReferral {
  const said = {
    entry: 0,
    nhsNumber: numberOf(0),
    identifier: identifier(name),
    resourceId: name,
    lastUpdated: null,
    active: true,
  }
  return { ...said, organisation: 'REM', authoredOn: '2026-01-01', ...changes }
}

export function content(bytes: Uint8Array): PublishedContent {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes }
}

/** An organisation that publishes for itself, over HTTP. */
export function publisher(odsCode: string, changes: Partial<PublishedBy> = {}): PublishedBy {
  return {
    publisher: odsCode,
    actsFor: [],
    via: 'http',
    person: '555000000017',
    requestId: `request-of-${odsCode}`,
    ...changes,
  }
}

/** A publication of these things alone, of the trust unless said otherwise. */
export function publication({ by = publisher('REM'), ...parts }: Partial<Publication>): Publication {
  return { patients: [], items: [], optOuts: [], referrals: [], contents: [], ...parts, by }
}
