import fc from 'fast-check'
import type { RequestTiming } from './model-region.ts'
import type { PatientState } from './model-rules.ts'
import { viewers } from './model-viewer.ts'

/** One thing that happens; `region`, `patient` and the like are places in lists. */
export type Step =
  | { readonly kind: 'pass'; readonly ms: number }
  | {
      readonly kind: 'ask'
      readonly viewer: number
      readonly patients: readonly number[]
      readonly question: number
      readonly noCache: boolean
    }
  | { readonly kind: 'commit'; readonly region: number; readonly patient: number; readonly change: PatientChange }
  | { readonly kind: 'rules'; readonly region: number; readonly awayMs: number }
  | { readonly kind: 'put back'; readonly region: number; readonly changes: number; readonly awayMs: number }
  | { readonly kind: 'pace'; readonly region: number; readonly pace: RequestTiming }
  | { readonly kind: 'delay'; readonly region: number; readonly ms: number }
  | { readonly kind: 'cut'; readonly region: number; readonly awayMs: number }

/** What is committed of a patient; ends are told by how long it is until then. */
export type PatientChange =
  | { readonly sets: Partial<PatientState> }
  | { readonly permittedForMs: number }
  | { readonly grantedForMs: number; readonly to: number }
  | { readonly ripeInMs: number }

export interface History {
  /** Who asks in it: two of them, who may differ in one fact alone. */
  readonly viewers: readonly number[]
  readonly maxBytes: number
  readonly maxChanges: number
  /** How long events are on their way at first, by region: asking may begin before anything is heard. */
  readonly delaysMs: readonly number[]
  readonly steps: readonly Step[]
}

const flag = fc.boolean()
const region = fc.nat({ max: 1 })
const patient = fc.nat({ max: 1 })

const change: fc.Arbitrary<PatientChange> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constant({ sets: { known: true, optedOut: false, flagged: false, veryRestricted: false } }),
  },
  { weight: 3, arbitrary: fc.record({ sets: fc.record({ optedOut: flag }) }) },
  { weight: 1, arbitrary: fc.record({ sets: fc.record({ flagged: flag }) }) },
  { weight: 1, arbitrary: fc.record({ sets: fc.record({ veryRestricted: flag }) }) },
  { weight: 1, arbitrary: fc.record({ sets: fc.record({ known: flag }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      permittedForMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 1, max: 8000 }),
        fc.constant(Number.POSITIVE_INFINITY),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ grantedForMs: fc.integer({ min: 0, max: 8000 }), to: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ ripeInMs: fc.integer({ min: 1, max: 8000 }) }) },
)

const short = fc.integer({ min: 0, max: 30 })
const pace: fc.Arbitrary<RequestTiming> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ toLookMs: short, toReadMs: short, toReplyMs: short, fails: fc.constant(false) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      toLookMs: fc.nat({ max: 1000 }),
      toReadMs: fc.nat({ max: 200 }),
      toReplyMs: fc.nat({ max: 1400 }),
      fails: fc.constant(false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ toLookMs: short, toReadMs: short, toReplyMs: fc.constantFrom(10, 5000), fails: flag }),
  },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      kind: fc.constant('ask'),
      viewer: fc.nat({ max: 1 }),
      patients: fc.constantFrom([0], [0], [1], [0, 1], [1, 0], [0, 0]),
      question: fc.constantFrom(0, 0, 0, 0, 0, 1, 2),
      noCache: fc.constantFrom(false, false, false, false, false, false, true),
    }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('commit'), region, patient, change }) },
  {
    weight: 30,
    arbitrary: fc.record({
      kind: fc.constant('pass'),
      ms: fc.oneof(
        { weight: 12, arbitrary: fc.nat({ max: 60 }) },
        { weight: 4, arbitrary: fc.nat({ max: 2500 }) },
        { weight: 1, arbitrary: fc.nat({ max: 25_000 }) },
      ),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('pace'), region, pace }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('delay'),
      region,
      ms: fc.oneof({ weight: 2, arbitrary: fc.constant(2) }, fc.nat({ max: 500 }), fc.nat({ max: 6000 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('cut'),
      region,
      awayMs: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 8000 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('rules'),
      region,
      awayMs: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 5000 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('put back'),
      region,
      changes: fc.integer({ min: 1, max: 5 }),
      awayMs: fc.integer({ min: 3000, max: 5000 }),
    }),
  },
)

/** Patients are known from the beginning. */
export const anyHistory: fc.Arbitrary<History> = fc.record({
  viewers: fc.tuple(fc.constantFrom(0, 0, 1), fc.nat({ max: viewers.length - 1 })),
  maxBytes: fc.constantFrom(1_000_000, 1_000_000, 3000),
  maxChanges: fc.constantFrom(1, 10, 10),
  delaysMs: fc.tuple(fc.constantFrom(2, 2, 200), fc.constantFrom(2, 2, 200)),
  steps: fc.array(step, { minLength: 10, maxLength: 80, size: 'max' }),
})
