import { createHash } from 'node:crypto'
import { parseTimelinePosition, printTimelinePosition, type TimelinePosition } from '../../schema/timeline-position.ts'
import { createIdSealer } from '../opaque-tokens/id-sealer.ts'
import { createTokenSigner, type TokenBinding } from '../opaque-tokens/token-signer.ts'

/** Each region's position on a timeline, by region code; an absent region is unread. */
export type TimelinePositions = ReadonlyMap<string, TimelinePosition>

/** What a cursor is bound to; it is rejected for any other patient, field or filter. */
export interface CursorBinding {
  readonly nhsNumber: string
  readonly field: string
  /** The arguments that choose items: all but `first` and `after`. */
  readonly filter: unknown
}

export interface CursorCodec {
  /**
   * Prints a cursor for one patient, who may be requested by any of these numbers: the requested one and its
   * successor.
   */
  print(
    positions: TimelinePositions,
    binding: Omit<CursorBinding, 'nhsNumber'> & {
      readonly nhsNumbers: ReadonlySet<string>
      readonly isSealed?: boolean
    },
  ): string
  /** Returns null if the cursor was not printed for this binding. */
  parse(cursor: string, binding: CursorBinding): TimelinePositions | null
}

/** Prefix of sealed positions; no region's code begins with it. */
const sealedPrefix = '~'

/**
 * Creates the codec of opaque cursors: the regions' positions, signed together with their binding (token-signer.ts).
 * The patient's numbers are signed and not in the cursor. Positions are sealed where ids must not be read.
 * The first secret signs and seals, all verify.
 */
export function createCursorCodec(...secrets: readonly [Uint8Array, ...Uint8Array[]]): CursorCodec {
  const signer = createTokenSigner(...secrets)
  const sealer = createIdSealer(...secrets)
  return {
    print(positions, { nhsNumbers, field, filter, isSealed = false }) {
      const pairs = [...positions].map(([region, position]) => `${region}=${printTimelinePosition(position)}`)
      const text = pairs.sort().join('&')
      // Without positions there is nothing to seal, and a number that must look unknown has the same cursor as an
      // unknown one.
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

/** Maximum items of a page, here and in the stores. */
export const maxPageSize = 100
/** Items of a page if the client states none, here and in the stores. */
const defaultPageSize = 20

/** Tells whether `first` is a valid page size. */
export function isPageSize(first: unknown): boolean {
  return Number(first) >= 1 && Number(first) <= maxPageSize
}

/** Returns a section's arguments with the default page size where `first` is null or absent. */
export function withPageSize<Args extends Readonly<Record<string, unknown>>>(args: Args): Args {
  return args.first === null ? { ...args, first: defaultPageSize } : args
}
