import fc from 'fast-check'
import { barriers, type ExclusionSet, overrideReasons, permissionBases } from '../../../schema/policies/facts.ts'
import type { SectionField } from '../../../schema/sections.ts'
import type { Lifecycle } from '../../../subgraphs/store/record-store.ts'
import { describeWorld } from './describe-world.ts'
import {
  type AskModel,
  type ChangeModel,
  type DemographicsModel,
  type Holding,
  type ItemModel,
  type NumberModel,
  type PatientModel,
  type Precision,
  regions,
  shapes,
  type VersionModel,
  type ViewerModel,
  type Which,
  type World,
} from './model.ts'

type Often = <T>(usual: T, weight: number, other: fc.Arbitrary<T>) => fc.Arbitrary<T>

/** Ordinary facts more often than others, and so many times more often than their weight says. */
const oftenBy =
  (ease: number): Often =>
  (usual, weight, other) =>
    fc.oneof({ weight: weight * ease, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })

const some = (...values: readonly string[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 })
const none: readonly string[] = []
const which = fc.constantFrom<Which[]>(0, 1)
const regionCode = fc.constantFrom(...regions.map(({ code }) => code))
const oneRegion = fc.constantFrom(...regions.map(({ code }) => [code]))
const numberOf = (often: Often) => often<NumberModel>('inForce', 4, fc.constant('earlier'))
const precision = oftenBy(1)<Precision>('day', 3, fc.constantFrom('month', 'year'))

// Around every limit that consent.md names.
const daysAgo = fc.constantFrom(0, 1, 5, 27, 28, 29, 60, 89, 90, 91, 400)
const anyone = fc.constantFrom('@0', '@0', '@1', 'RJR')

const demographicsOf = (often: Often): fc.Arbitrary<DemographicsModel> =>
  fc.record({
    verification: often<DemographicsModel['verification']>('01', 12, fc.constant('02')),
    sensitive: often(false, 6, fc.constant(true)),
    birth: often<DemographicsModel['birth']>('day', 4, fc.constantFrom('month', 'year', null)),
    death: often<DemographicsModel['death']>(
      null,
      8,
      fc.record({
        date: fc.option(fc.record({ daysAgo: fc.constantFrom(-3, 0, 3, 10, 27, 28, 29, 400), precision }), { freq: 6 }),
      }),
    ),
    practice: fc.constantFrom('P81072', 'N82054', '@0', '@1'),
    practiceBefore: often<DemographicsModel['practiceBefore']>(
      null,
      3,
      fc.record({ practice: fc.constantFrom('@0', '@0', '@1'), daysAgo }),
    ),
  })

const holdingOf = (often: Often): fc.Arbitrary<Holding> =>
  fc.record({
    under: often<Holding['under']>('inForce', 3, fc.constantFrom('earlier', 'both')),
    demographics: fc.option(demographicsOf(often), { freq: 12 }),
    optOuts: often<Holding['optOuts']>(
      [],
      4,
      fc.array(
        fc.record({
          organisation: fc.constantFrom(null, 'RBL', 'RXN', '323', '@0'),
          active: fc.constantFrom(true, true, false),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    ),
    referrals: fc.array(
      fc.record({ organisation: anyone, daysAgo, precision, active: often(true, 4, fc.constant(false)) }),
      { maxLength: 2 },
    ),
    permission: often<Holding['permission']>(
      { organisation: '@0', hours: 1, under: 'inForce', withdrawn: false },
      1,
      fc.option(
        fc.record({
          organisation: anyone,
          hours: fc.constantFrom(1, 1, -1),
          under: numberOf(often),
          withdrawn: often(false, 4, fc.constant(true)),
        }),
      ),
    ),
    grants: fc.array(
      fc.record({
        viewer: which,
        barrier: fc.constantFrom(...barriers),
        reason: fc.constantFrom(...overrideReasons),
        minutes: fc.constantFrom(30, 30, 30, -1),
        under: numberOf(often),
      }),
      { maxLength: 2 },
    ),
  })

// Crisis plan, two kinds of discharge, ReSPECT form, summary record, clinic letter.
const types = some(
  '736253002',
  '373942005',
  '823701000000103',
  '1382601000000107',
  '824321000000109',
  '823681000000100',
)
// Mental health, sexual health, HIV, transgender health, safeguarding children, addiction.
const settings = some(
  '708168004',
  '708168004',
  '788122004',
  '24101000087102',
  '896974005',
  '1326421000000106',
  '788125002',
)

const versionOf = (often: Often): fc.Arbitrary<VersionModel> =>
  fc.record({
    labels: often(none, 1, some('N', 'R', 'R', 'V', 'SEALED', 'SEX', 'STD', 'HIV', 'PSY', 'SUD', 'SDV', 'ETH')),
    source: fc.constantFrom('RBL', 'RXN', 'RXN', 'REM', 'RXA', 'RW4', '323', '323', '', '@0', '@1'),
    lifecycle: often<Lifecycle>('current', 3, fc.constantFrom('superseded', 'retracted')),
    version: fc.integer({ min: 1, max: 3 }),
    exclusion: often<ExclusionSet | null>(null, 4, fc.constantFrom('GENDER', 'FERTILITY', 'TERMINATION', 'STI')),
    types: often(none, 1, types),
    categories: often(none, 2, some('734163000', '823651000000106')),
    settings: often(none, 2, settings),
    hasContent: fc.boolean(),
    replaces: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat({ max: 9 }) }),
    course: fc.constantFrom('done', 'done', 'underWay', 'cancelled'),
    provider: fc.option(anyone, { freq: 1 }),
    precision,
    variant: fc.constantFrom<Which[]>(0, 0, 0, 1),
  })

const itemOf = (often: Often): fc.Arbitrary<ItemModel> =>
  fc
    .record({
      section: fc.oneof(
        {
          weight: 3,
          arbitrary: fc.constantFrom<SectionField[]>('documents', 'documents', 'documents', 'results', 'encounters'),
        },
        {
          weight: 2,
          arbitrary: fc.constantFrom<SectionField[]>(
            'alerts',
            'allergies',
            'problems',
            'medications',
            'immunisations',
            'procedures',
            'carePlans',
            'carePlans',
            'contacts',
            'appointments',
          ),
        },
      ),
      daysAgo: fc.option(daysAgo, { freq: 8 }),
      held: fc.oneof(oneRegion, fc.constant(regions.map(({ code }) => code))),
      versions: fc.tuple(versionOf(often), versionOf(often)),
    })
    .map(({ section, held, versions, ...one }) => ({
      section,
      daysAgo: section === 'appointments' ? (one.daysAgo ?? -5) : one.daysAgo,
      versions: Object.fromEntries(held.map((code, index) => [code, fitting(section, versions[index === 0 ? 0 : 1])])),
    }))

/** What a section does not have is not told of it: documents alone are superseded. */
function fitting(section: SectionField, one: VersionModel): VersionModel {
  if (section === 'documents') return one
  return {
    ...one,
    lifecycle: one.lifecycle === 'superseded' ? 'retracted' : one.lifecycle,
    hasContent: false,
    replaces: null,
  }
}

const patientOf = (often: Often): fc.Arbitrary<PatientModel> =>
  fc.record({
    asked: numberOf(often),
    born: fc.record({ yearsAgo: fc.constantFrom(16, 10, 44, 44), daysLater: fc.constantFrom(-1, 0, 1, 100) }),
    holdings: fc.record({ CHESHIRE_MERSEYSIDE: holdingOf(often), LANCASHIRE_SOUTH_CUMBRIA: holdingOf(often) }),
    items: fc.array(itemOf(often), { minLength: 1, maxLength: 14, size: 'max' }),
  })

const viewerOf = (often: Often): fc.Arbitrary<ViewerModel> =>
  fc.record({
    person: fc.constant<Which>(0),
    role: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom('R0050', 'R0050', 'R0260', 'R0620', 'R1070', 'R8001') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'R1290',
          'R1290',
          'R1330',
          'R8014',
          'R8006',
          'R8010',
          'R8004',
          'R8004',
          'R0001',
          'R1860',
        ),
      },
    ),
    // REM is nobody's organisation: the system acquaints all patients with it.
    organisation: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('RBL', 'RBL', 'RW4', 'N82054', 'RXN', 'RXN', 'P81072', '323') },
      { weight: 2, arbitrary: fc.constant('RX7') },
      { weight: 1, arbitrary: fc.constantFrom('RR8', '323') },
    ),
    areaOfWork: fc.constantFrom(null, 'Genito-urinary Medicine', 'Genito-urinary Medicine', 'Cardiology'),
    tokenPurpose: often<string | null>(null, 6, fc.constantFrom('DIRECT_CARE', 'EMERGENCY', 'RESEARCH')),
    self: often<ViewerModel['self']>(null, 8, fc.record({ patient: which, number: numberOf(often) })),
    access: fc.record({
      purpose: fc.constantFrom(null, null, 'DIRECT_CARE', 'EMERGENCY'),
      relationship: often<ViewerModel['access']['relationship']>(
        'ATTENDING',
        1,
        fc.constantFrom(null, null, 'REGISTERED', 'REFERRED', 'INPATIENT', 'CLAIMED'),
      ),
      reason: fc.constantFrom(
        null,
        null,
        'CLINIC_PREPARATION',
        'MENTAL_HEALTH_CARE',
        'MENTAL_HEALTH_CARE',
        'SAFEGUARDING',
        'CONTINUITY_OF_CARE',
      ),
      supervisor: fc.constantFrom(null, 'another', 'another', 'self'),
    }),
  })

const facets = ['person', 'role', 'organisation', 'areaOfWork', 'tokenPurpose', 'self'] as const
const accessFacets = ['purpose', 'relationship', 'reason', 'supervisor'] as const

/** Two viewers who differ in one thing alone. */
const likeViewersOf = (often: Often): fc.Arbitrary<World['viewers']> =>
  fc
    .record({ one: viewerOf(often), other: viewerOf(often), facet: fc.constantFrom(...facets, ...accessFacets) })
    .map(({ one, other, facet }) => {
      if (facet === 'person') return [one, { ...one, person: 1 }]
      const isOfAccess = accessFacets.some((name) => name === facet)
      const access = isOfAccess
        ? { ...one.access, ...Object.fromEntries(Object.entries(other.access).filter(([name]) => name === facet)) }
        : one.access
      return [one, { ...one, access, ...Object.fromEntries(Object.entries(other).filter(([name]) => name === facet)) }]
    })

const change: fc.Arbitrary<ChangeModel> = fc
  .record({
    viewer: which,
    patient: which,
    region: regionCode,
    kind: fc.constantFrom('permission', 'glass'),
    basis: fc.constantFrom(...permissionBases),
    barrier: fc.constantFrom(...barriers),
    reason: fc.constantFrom(...overrideReasons),
  })
  .map(({ kind, basis, barrier, reason, ...one }) =>
    kind === 'permission' ? { ...one, kind, basis } : { ...one, kind: 'glass', barrier, reason },
  )

const ask: fc.Arbitrary<AskModel> = fc.record({
  shape: fc.constantFrom(...shapes),
  viewer: fc.constantFrom<Which[]>(0, 0, 1),
  patient: which,
  regions: oftenBy(1)<AskModel['regions']>(null, 6, oneRegion),
  filters: fc.record({
    documentTypes: oftenBy(1)<readonly string[] | null>(null, 5, types),
    documentOrganisations: oftenBy(1)<readonly string[] | null>(null, 8, fc.constant(['RBL', '323'])),
    supersededToo: fc.boolean(),
    variant: oftenBy(1)<Which | null>(null, 5, which),
  }),
  first: fc.constantFrom(1, 1, 1, 2),
  timeline: fc.constantFrom('documents', 'documents', 'documents', 'results', 'encounters'),
})

const worldOf = (often: Often, viewers: fc.Arbitrary<World['viewers']>) =>
  fc.record({
    patients: fc.tuple(patientOf(often), patientOf(often)),
    viewers,
    changes: fc.oneof(fc.constant([]), fc.array(change, { minLength: 1, maxLength: 2 })),
    asks: fc.array(ask, { minLength: 3, maxLength: 3 }),
  })

const anyViewersOf = (often: Often): fc.Arbitrary<World['viewers']> =>
  fc.oneof(
    fc.tuple(
      viewerOf(often),
      viewerOf(often).map((other) => ({ ...other, person: 1 as const })),
    ),
    likeViewersOf(often),
  )

/**
 * Most worlds are nearly ordinary, for in others nobody is shown anything. They tell themselves in words where they are
 * counterexamples.
 */
const worldsWith = (viewersOf: (often: Often) => fc.Arbitrary<World['viewers']>): fc.Arbitrary<World> =>
  fc
    .oneof(
      { weight: 2, arbitrary: worldOf(oftenBy(5), viewersOf(oftenBy(5))) },
      { weight: 1, arbitrary: worldOf(oftenBy(1), viewersOf(oftenBy(1))) },
    )
    .map((world) => Object.assign(world, { [fc.toStringMethod]: () => `\n${describeWorld(world)}\n` }))

export const anyWorld: fc.Arbitrary<World> = worldsWith(anyViewersOf)

/** Any world whose two viewers differ in one thing alone. */
export const worldOfLikeViewers: fc.Arbitrary<World> = worldsWith(likeViewersOf)
