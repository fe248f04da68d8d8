import { createHash } from 'node:crypto'
import { fault } from '../../schema/graphql-errors.ts'
import { isTimelineField } from '../../schema/sections.ts'
import { parseTimelinePosition, printTimelinePosition, type TimelinePosition } from '../../schema/timeline-position.ts'
import { createIdSealer } from '../opaque-tokens/id-sealer.ts'
import { createTokenSigner, type TokenBinding } from '../opaque-tokens/token-signer.ts'
import type { ViewPlan } from './plan-view.ts'

/** Where each region stands on a timeline; a region that is absent is unread. */
export type TimelinePositions = ReadonlyMap<string, TimelinePosition>

/** What a cursor is good for; with another patient, field or filter it is refused. */
export interface CursorBinding {
  readonly nhsNumber: string
  readonly field: string
  /** The arguments that choose items: all but `first` and `after`. */
  readonly filter: unknown
}

export interface CursorCodec {
  /** A cursor for one patient, who may be asked for by any of these numbers: the one asked, and the one in force. */
  print(
    positions: TimelinePositions,
    binding: Omit<CursorBinding, 'nhsNumber'> & {
      readonly nhsNumbers: ReadonlySet<string>
      readonly isSealed?: boolean
    },
  ): string
  /** Null when the cursor is not one of ours for this binding. */
  parse(cursor: string, binding: CursorBinding): TimelinePositions | null
}

/** Before positions that are sealed; no region's code begins with it. */
const sealedPrefix = '~'

/**
 * Creates a codec of opaque cursors: the regions' positions, signed together with what the cursor is good for. The patient's numbers are
 * signed and not in the cursor. Where ids must not be read, the positions are sealed. The first secret signs and seals, all verify.
 */
export function createCursorCodec(...secrets: readonly [Uint8Array, ...Uint8Array[]]): CursorCodec {
  const signer = createTokenSigner(...secrets)
  const sealer = createIdSealer(...secrets)
  return {
    print(positions, { nhsNumbers, field, filter, isSealed = false }) {
      const pairs = [...positions].map(([region, position]) => `${region}=${printTimelinePosition(position)}`)
      const text = pairs.sort().join('&')
      // Without a position there is no id to seal, and a number that must look unknown has the same cursor as one that is.
      const payload = Buffer.from(isSealed && text !== '' ? `${sealedPrefix}${sealer.seal(text)}` : text)
      return signer.signForEach(
        payload,
        [...nhsNumbers].map((nhsNumber) => toTokenBinding({ nhsNumber, field, filter })),
      )
    },
    parse(cursor, binding) {
      const payload = signer.verifyForEach(cursor, toTokenBinding(binding))
      return payload && parsePayload(payload.toString())
    },
  }

  function parsePayload(payload: string): TimelinePositions | null {
    const text = payload.startsWith(sealedPrefix) ? sealer.unseal(payload.slice(sealedPrefix.length)) : payload
    return text === null ? null : parsePositions(text)
  }
}

function toTokenBinding({ nhsNumber, field, filter }: CursorBinding): TokenBinding {
  return createHash('sha256')
    .update(JSON.stringify([nhsNumber, field, filter ?? null]))
    .digest()
}

function parsePositions(payload: string): TimelinePositions | null {
  const positions = new Map<string, TimelinePosition>()
  for (const pair of payload.split('&').filter(Boolean)) {
    const [region = '', text = ''] = pair.split('=')
    const position = parseTimelinePosition(text)
    if (!position) return null
    positions.set(region, position)
  }
  return positions
}

/** The most items of a page, here and in the stores. */
export const maxPageSize = 100
/** The items of a page where nothing is said, here and in the stores. */
const defaultPageSize = 20

/** Whether a timeline has pages of this size. */
export function isPageSize(first: unknown): boolean {
  return Number(first) >= 1 && Number(first) <= maxPageSize
}

/** A section's arguments, in which null for `first` means as much as nothing. */
export function withPageSize<Args extends Readonly<Record<string, unknown>>>(args: Args): Args {
  return args.first === null ? { ...args, first: defaultPageSize } : args
}

/**
 * Where each region stands before the plan's pages that begin after a cursor, by alias. Throws FIRST_OUT_OF_RANGE for a page size out of
 * bounds, and BAD_CURSOR for a cursor that is not good for the one patient asked, its field and its filter.
 */
export function readStartPositions(
  { sections }: ViewPlan,
  nhsNumbers: readonly string[],
  cursors: CursorCodec,
): ReadonlyMap<string, TimelinePositions> {
  const starts = new Map<string, TimelinePositions>()
  for (const { alias, field, args } of sections) {
    if (!isTimelineField(field)) continue
    const { first, after, filter } = args
    if (!isPageSize(first)) throw fault('FIRST_OUT_OF_RANGE', `${field}: expected first between 1 and ${maxPageSize}.`)
    if (after === null || after === undefined) continue
    const [nhsNumber, ...others] = nhsNumbers
    if (nhsNumber === undefined || others.length > 0)
      throw fault('BAD_CURSOR', `${field}: a cursor belongs to one patient; ask for that patient alone.`)
    const positions = cursors.parse(String(after), { nhsNumber, field, filter })
    if (!positions) throw fault('BAD_CURSOR', `Expected a cursor of this patient's ${field} with the same filter.`)
    starts.set(alias, positions)
  }
  return starts
}
