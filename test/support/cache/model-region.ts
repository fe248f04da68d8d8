import type { RegionClient } from '../../../gateway/regions/region-client.ts'
import type { PatientReply, RegionOutcome } from '../../../gateway/regions/region-reply.ts'
import type { ViewRequest } from '../../../gateway/regions/view-request.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { decideModelAccess, type ModelDecision, type PatientState, unknownPatient } from './model-rules.ts'
import { type ModelViewer, viewerOf } from './model-viewer.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What a region had committed from one moment on. */
export interface CommittedState {
  readonly atMs: number
  /** Counts up where the store is put back to an earlier state: sequence numbers begin again from there. */
  readonly history: number
  readonly sequence: number
  /** Version of the rules. */
  readonly rules: number
  readonly patients: ReadonlyMap<string, PatientState>
}

/** One reading of one patient, which its reply tells by number. */
export interface ModelRead {
  readonly region: string
  readonly nhsNumber: string
  readonly viewer: ModelViewer
  readonly question: string
  readonly noCache: boolean
  /** What was committed when reading began: the reply's sequence, and its `readAt`. */
  readonly began: CommittedState
  readonly beganAtMs: number
  readonly judgement: ModelDecision
  /** The turn in which the gateway was asked, and that in which it had the reply. */
  readonly askedTurn: number
  deliveredTurn: number
}

/**
 * How long a request takes until the store is looked at, until its data are read, and back; and whether it fails on the
 * way back.
 */
export interface RequestTiming {
  readonly toLookMs: number
  readonly toReadMs: number
  readonly toReplyMs: number
  readonly fails: boolean
}

/** A region's store, as a list of what it committed, and the gateway's client of it. */
export interface ModelRegion {
  readonly client: RegionClient
  readonly readings: readonly ModelRead[]
  /** All that was ever committed, in order; the first is the beginning. */
  readonly committed: readonly CommittedState[]
  readonly latest: CommittedState
  pace: RequestTiming
  /** How many requests it has had. */
  readonly requests: number
  commit(nhsNumber: string, change: (state: PatientState) => PatientState): void
  changeRules(): void
  /** Puts the store back to where it was some changes ago. */
  putBack(changes: number): void
  /** Changes of this history after a sequence number, in order. */
  changesAfter(sequence: number): readonly { readonly sequence: number; readonly nhsNumber: string }[]
}

export function createModelRegion(region: RegionConfiguration, timetable: VirtualClock): ModelRegion {
  const readings: ModelRead[] = []
  const committed: CommittedState[] = [
    { atMs: timetable.nowMs, history: 0, sequence: 0, rules: 0, patients: new Map() },
  ]
  let changes: { readonly sequence: number; readonly nhsNumber: string }[] = []
  let requests = 0
  const latest = () => committed.at(-1) as CommittedState
  const add = (next: Partial<CommittedState>) => void committed.push({ ...latest(), ...next, atMs: timetable.nowMs })

  const ask = (asks: readonly ViewRequest[], viewer: ModelViewer): Promise<readonly RegionOutcome[]> => {
    requests++
    const askedTurn = timetable.turn
    const { toLookMs, toReadMs, toReplyMs, fails } = model.pace
    const isLate = toLookMs + toReadMs + toReplyMs > region.timeMs
    const { promise, resolve } = Promise.withResolvers<readonly RegionOutcome[]>()
    if (isLate)
      timetable.schedule(region.timeMs, () =>
        resolve(asks.map(() => ({ status: 'TIMED_OUT', reason: 'late', latencyMs: region.timeMs }))),
      )
    const read = (began: CommittedState, beganAtMs: number) => {
      const outcomes = asks.map((one) => readAll(one, { viewer, began, beganAtMs, askedTurn }))
      const deliver = () => {
        for (const reading of outcomes.flatMap((outcome) => outcome.readings)) reading.deliveredTurn = timetable.turn
        resolve(
          outcomes.map(({ outcome }) =>
            fails ? { status: 'FAILED', reason: 'the model fails', latencyMs: 1 } : outcome,
          ),
        )
      }
      if (!isLate) timetable.schedule(toReplyMs, deliver)
    }
    timetable.schedule(toLookMs, () => {
      const began = latest()
      const beganAtMs = timetable.nowMs
      timetable.schedule(toReadMs, () => read(began, beganAtMs))
    })
    return promise
  }

  const readAll = (
    { nhsNumbers, records, noCache }: ViewRequest,
    common: Pick<ModelRead, 'viewer' | 'began' | 'beganAtMs' | 'askedTurn'>,
  ): { readonly readings: readonly ModelRead[]; readonly outcome: RegionOutcome } => {
    const regional = records?.regions.get(region.code)
    const question = `${regional?.text} ${JSON.stringify(regional?.values)}`
    const own = nhsNumbers.map((nhsNumber): ModelRead => {
      const judgement = decideModelAccess(findPatientState(latest(), nhsNumber), {
        region: region.code,
        nhsNumber,
        rules: latest().rules,
        viewer: common.viewer,
        question,
        nowMs: timetable.nowMs,
      })
      return {
        ...common,
        region: region.code,
        nhsNumber,
        question,
        noCache,
        judgement,
        deliveredTurn: Number.POSITIVE_INFINITY,
      }
    })
    const patients = own.map((reading) => toReply(reading, readings.push(reading) - 1))
    const { began, beganAtMs } = common
    const view = { sequence: began.sequence, readAt: new Date(beganAtMs).toISOString(), patients }
    return { readings: own, outcome: { status: 'REPLIED', view, bytes: 100 * own.length, latencyMs: 1 } }
  }

  const notModelled = () => Promise.reject(new Error('The model answers views alone'))
  const model: ModelRegion = {
    client: {
      region,
      fetchViews: (asks, { token }) => ask(asks, viewerOf(token)),
      printQuery: () => '',
      findDocuments: notModelled,
      runOperation: notModelled,
      openContent: notModelled,
      isReady: notModelled,
      suspendedUntilMs: () => null,
      close: notModelled,
    },
    readings,
    committed,
    get latest() {
      return latest()
    },
    pace: { toLookMs: 1, toReadMs: 0, toReplyMs: 1, fails: false },
    get requests() {
      return requests
    },
    commit(nhsNumber, change) {
      const { sequence, patients } = latest()
      changes.push({ sequence: sequence + 1, nhsNumber })
      add({
        sequence: sequence + 1,
        patients: new Map([...patients, [nhsNumber, change(findPatientState(latest(), nhsNumber))]]),
      })
    },
    changeRules: () => add({ rules: latest().rules + 1 }),
    putBack(count) {
      const { history, sequence, rules } = latest()
      const earlier = committed.findLast((one) => one.history === history && one.sequence <= sequence - count)
      if (!earlier) return
      changes = changes.filter((change) => change.sequence <= earlier.sequence)
      add({ ...earlier, history: history + 1, rules })
    },
    changesAfter: (sequence) => changes.filter((change) => change.sequence > sequence),
  }
  return model
}

export function findPatientState({ patients }: CommittedState, nhsNumber: string): PatientState {
  return patients.get(nhsNumber) ?? unknownPatient
}

/** The reply, and in its record the number of the reading. */
function toReply({ nhsNumber, judgement }: ModelRead, reading: number): PatientReply {
  const { code, shown, sensitive, standsForMs, cacheable } = judgement
  return {
    askedNhsNumber: nhsNumber,
    nhsNumber: shown === null ? null : nhsNumber,
    birthDate: null,
    sensitive,
    decision: {
      code,
      rules: [],
      policyVersion: '',
      breakGlass: [],
      grants: [],
      permission: null,
      itemRules: [],
      alert: false,
      standsForMs,
      cacheable,
    },
    demographicsWithheld: false,
    retractions: [],
    record: shown === null ? null : { nhsNumber, localIdentifiers: [], shown, reading },
  }
}
