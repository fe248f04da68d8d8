import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { parseTimelinePosition, printTimelinePosition, type TimelinePosition } from '../../schema/timeline-position.ts'

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
  print(positions: TimelinePositions, binding: CursorBinding): string
  /** Null when the cursor is not one of ours for this binding. */
  parse(cursor: string, binding: CursorBinding): TimelinePositions | null
}

const macBytes = 16

/** Opaque cursors: the regions' positions, authenticated (HMAC-SHA-256, 128 bits) together with what they are good for. */
export function createCursorCodec(secret: Uint8Array): CursorCodec {
  const macOf = (payload: string, { nhsNumber, field, filter }: CursorBinding) => {
    const bound = createHash('sha256')
      .update(JSON.stringify([nhsNumber, field, filter ?? null]))
      .digest()
    return createHmac('sha256', secret).update(bound).update(payload).digest().subarray(0, macBytes)
  }
  return {
    print(positions, binding) {
      const payload = [...positions]
        .map(([region, position]) => `${region}=${printTimelinePosition(position)}`)
        .sort()
        .join('&')
      return Buffer.concat([macOf(payload, binding), Buffer.from(payload)]).toString('base64url')
    },
    parse(cursor, binding) {
      if (cursor.length > 2000 || !/^[\w-]+$/.test(cursor)) return null
      const bytes = Buffer.from(cursor, 'base64url')
      const payload = bytes.subarray(macBytes).toString()
      if (bytes.length < macBytes || !timingSafeEqual(bytes.subarray(0, macBytes), macOf(payload, binding))) return null
      const positions = new Map<string, TimelinePosition>()
      for (const pair of payload.split('&').filter(Boolean)) {
        const [region = '', text = ''] = pair.split('=')
        const position = parseTimelinePosition(text)
        if (!position) return null
        positions.set(region, position)
      }
      return positions
    },
  }
}
