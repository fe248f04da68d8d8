import { RequestRecorder } from '../../../gateway/observability/metrics/request-recorder.ts'
import { createIdSealer } from '../../../gateway/opaque-tokens/id-sealer.ts'
import {
  type CachedResponse,
  createResponseCache,
  createResponseStore,
} from '../../../gateway/operation/response-cache.ts'
import { createLocationRedaction } from '../../../gateway/patient-view/location-redaction.ts'
import type { PatientView } from '../../../gateway/patient-view/patient-view.ts'
import { createCursorCodec } from '../../../gateway/patient-view/timeline-cursor.ts'
import { viewPatients } from '../../../gateway/patient-view/view-patients.ts'
import { type CoherentReplyCache, createCoherentReplyCache } from '../../../gateway/regions/coherent-reply-cache.ts'
import { createRegionLoader } from '../../../gateway/regions/region-loader.ts'
import { createRequestCoalescer } from '../../../gateway/regions/request-coalescer.ts'
import { createRequestDeadline } from '../../../gateway/regions/request-deadline.ts'
import type { RecordsRequest } from '../../../gateway/regions/view-request.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { loadTestRegions } from '../test-regions.ts'
import type { History, PatientChange, Step } from './any-history.ts'
import { findAnswerFaults, type GivenAnswer } from './find-answer-faults.ts'
import { createModelFeed, type ModelFeed } from './model-feed.ts'
import { createModelRegion, type ModelRegion } from './model-region.ts'
import type { PatientState } from './model-rules.ts'
import { type ModelViewer, toIdentity, viewers } from './model-viewer.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

/** What came of a history. */
export interface HistoryOutcome {
  /** What no answer should have held, in words; empty where the cache kept its claim. */
  readonly faults: readonly string[]
  /** Regions' parts that were answered: out of the cache, out of another's request, and afresh. */
  readonly cached: number
  readonly shared: number
  readonly asked: number
  /** Whole answers that were given again. */
  readonly again: number
}

/** A region as the model plays it, and what the gateway has heard of it so far. */
export interface SimulatedRegion {
  readonly code: string
  readonly model: ModelRegion
  readonly feed: ModelFeed
  readonly heard: ReceivedChanges
}

/**
 * The last change heard of each patient, in which history and under which rules, and the turn in which nothing kept
 * held any more.
 */
export interface ReceivedChanges {
  readonly sequences: Map<string, number>
  history: number
  rules: number
  droppedTurn: number
}

const nhsNumbers = ['9990000018', '9990000034'] as const
const startMs = Date.parse('2026-03-02T22:00:00Z')
/** Until every request is answered: a region's time twice, and some. */
const longestMs = 6000
const configurations = loadTestRegions()
/** How long the trail takes before what is given again may leave. */
const trailMs = 20
const cursors = createCursorCodec(new Uint8Array(32))

/**
 * Plays a history over the gateway's way to regions, with its cache and the answers it keeps whole, against model
 * regions, and judges every answer.
 */
export async function runHistory({
  viewers: asking,
  maxBytes,
  maxChanges,
  delaysMs,
  steps,
}: History): Promise<HistoryOutcome> {
  const timetable = createVirtualClock(startMs)
  const codes = configurations.map(({ code }) => code)
  const isCurrent = (code: string) => regions.some((one) => one.code === code && one.feed.isCurrent)
  const cache = createCoherentReplyCache({
    regions: codes,
    isCurrent,
    maxBytes,
    maxRememberedChanges: maxChanges,
    now: () => timetable.nowMs,
  })
  const told = { count: 0 }
  const regions = configurations.map((configuration, index) =>
    playRegion(configuration, { timetable, cache, told, delayMs: delaysMs[index] ?? 2 }),
  )
  const keptAnswers = createResponseCache({
    store: createResponseStore<CachedResponse>(1_000_000),
    regions: codes,
    feeds: {
      isCurrent,
      get version() {
        return told.count
      },
    },
    admits: () => true,
    recordCachedViews: () => new Promise((resolve) => timetable.schedule(trailMs, resolve)),
    onLookup() {},
    now: () => timetable.nowMs,
  })
  const viewsOf = new WeakMap<CachedResponse, readonly PatientView[]>()
  const shared = createRequestCoalescer({ cache, now: () => timetable.nowMs })
  const viewerOf = (place: number) => viewers[asking[place] ?? 0] as ModelViewer
  const played = { faults: [] as string[], cached: 0, shared: 0, asked: 0, again: 0 }
  let open = 0

  const ask = async ({ viewer: place, patients, question, noCache }: Step & { kind: 'ask' }) => {
    const viewer = viewerOf(place)
    const records = toRecords(question)
    const regional = records.regions.get(regions[0]?.code ?? '')
    const begin = () => ({
      turn: timetable.turn,
      atMs: timetable.nowMs,
      heard: new Map(regions.map(({ code, heard }) => [code, copyOf(heard)])),
    })
    const judge = (views: readonly PatientView[], began: GivenAnswer['began']) => {
      const answer: GivenAnswer = {
        viewer,
        question: `${regional?.text} ${JSON.stringify(regional?.values)}`,
        noCache,
        began,
        turn: timetable.turn,
        atMs: timetable.nowMs,
      }
      for (const view of views) {
        for (const part of view.regionResults) {
          const region = regions.find(({ code }) => code === part.region.code) as SimulatedRegion
          const found = findAnswerFaults(part, view.askedNhsNumber, answer, region)
          played.faults.push(...found.faults)
          if (found.from !== null) played[found.from]++
        }
      }
    }
    const words = JSON.stringify([patients, question, viewer.context])
    const came = begin()
    const kept = noCache
      ? null
      : await keptAnswers.get(viewer.holder, words, new RequestRecorder({ onView() {}, onFinished() {} }, 0, 0, null))
    if (kept) {
      played.again++
      return judge(viewsOf.get(kept) ?? [], came)
    }
    // What is not given again is begun now: the trail may have taken its time.
    const began = begin()
    const credentialsFor = async () => ({ viewer: viewer.holder.id, token: toIdentity(viewer), assertion: '' })
    const { views, validity: same } = await viewPatients({
      nhsNumbers: patients.map((patient) => nhsNumbers[patient] ?? ''),
      birthDate: null,
      context: viewer.context,
      regions: null,
      holder: viewer.holder,
      plan: { sections: [], records },
      noCache,
      isFlagged: () => false,
      decideAccess: () => ({ code: 'PERMITTED', rules: [], says: '', policyVersion: '' }),
      clients: regions.map(({ model }) => model.client),
      loader: createRegionLoader({
        holder: viewer.holder,
        credentialsFor,
        coalescer: shared,
        deadline: createRequestDeadline({ deadlineMs: 60_000 }),
        onQuery: null,
      }),
      cursors,
      redaction: createLocationRedaction([], createIdSealer(new Uint8Array(32))),
    })
    if (same && !noCache) {
      const whole: CachedResponse = {
        bytes: Buffer.alloc(0),
        query: '',
        dependencies: [{ validity: same, events: [], views: [] }],
      }
      viewsOf.set(whole, views)
      keptAnswers.set(viewer.holder, words, whole)
    }
    judge(views, began)
  }

  const take = async (step: Step) => {
    if (step.kind === 'pass') return timetable.advance(step.ms)
    if (step.kind !== 'ask')
      return timetable.runNow(() => change(step, regions[step.region] as SimulatedRegion, { timetable, viewerOf }))
    open++
    return timetable.runNow(() => {
      ask(step).then(
        () => open--,
        (error) => played.faults.push(`A request failed: ${error}`),
      )
    })
  }
  for (const { model } of regions)
    for (const nhsNumber of nhsNumbers) model.commit(nhsNumber, (state) => ({ ...state, known: true }))
  for (const step of steps) await take(step)
  await timetable.advance(longestMs)
  return open === 0 ? played : { ...played, faults: [...played.faults, `${open} requests were not answered`] }
}

function playRegion(
  configuration: RegionConfiguration,
  {
    timetable,
    cache,
    told,
    delayMs,
  }: {
    readonly timetable: VirtualClock
    readonly cache: CoherentReplyCache
    readonly told: { count: number }
    readonly delayMs: number
  },
): SimulatedRegion {
  const { code } = configuration
  const model = createModelRegion(configuration, timetable)
  const heard: ReceivedChanges = { sequences: new Map(), history: 0, rules: 0, droppedTurn: 0 }
  // What is on its way when a store is put back never comes.
  const hearHistory = () => {
    const { history } = model.latest
    if (history > heard.history) heard.sequences.clear()
    heard.history = history
  }
  const feed = createModelFeed(model, timetable, delayMs, {
    changed(nhsNumber, sequence) {
      told.count++
      hearHistory()
      heard.sequences.set(nhsNumber, sequence)
      cache.invalidatePatient(code, nhsNumber, sequence)
    },
    reset(rules) {
      told.count++
      hearHistory()
      heard.rules = rules
      heard.droppedTurn = timetable.turn
      cache.resetRegion(code)
    },
    silenced() {
      told.count++
      heard.droppedTurn = timetable.turn
      cache.clearRegion(code)
    },
  })
  return { code, model, feed, heard }
}

function copyOf(heard: ReceivedChanges): ReceivedChanges {
  return { ...heard, sequences: new Map(heard.sequences) }
}

/** Three questions: the second differs from the first in its text alone, the third from the second in a variable. */
function toRecords(question: number): RecordsRequest {
  const text = question === 0 ? 'a' : 'b'
  const types = new Map([['v', 'Int']])
  return {
    regions: new Map(configurations.map(({ code }) => [code, { text, types, values: { v: question === 2 ? 1 : 0 } }])),
    paths: new Map(),
  }
}

function change(
  step: Exclude<Step, { kind: 'pass' | 'ask' }>,
  { model, feed }: SimulatedRegion,
  { timetable, viewerOf }: { readonly timetable: VirtualClock; readonly viewerOf: (place: number) => ModelViewer },
): void {
  if (step.kind === 'pace') model.pace = step.pace
  if (step.kind === 'delay') feed.delayMs = step.ms
  if (step.kind === 'cut') feed.cut(step.awayMs)
  if (step.kind === 'rules') {
    model.changeRules()
    feed.cut(step.awayMs)
  }
  if (step.kind === 'put back') {
    model.putBack(step.changes)
    feed.cut(step.awayMs)
  }
  if (step.kind === 'commit') {
    model.commit(nhsNumbers[step.patient] ?? '', (state) => apply(step.change, state, timetable.nowMs, viewerOf))
    feed.carry()
  }
}

function apply(
  change: PatientChange,
  state: PatientState,
  nowMs: number,
  viewerOf: (place: number) => ModelViewer,
): PatientState {
  const next = { ...state, version: state.version + 1 }
  if ('sets' in change) return { ...next, ...change.sets }
  if ('permittedForMs' in change) return { ...next, permittedUntilMs: nowMs + change.permittedForMs }
  if ('ripeInMs' in change) return { ...next, ripeAtMs: nowMs + change.ripeInMs }
  return { ...next, grants: new Map([...state.grants, [viewerOf(change.to).holder.id, nowMs + change.grantedForMs]]) }
}
