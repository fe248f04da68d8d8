import type { RegionPart } from './region-part.ts'

/** The parts that may be shown, and whether a birth date from the viewer would settle what they disagree on. */
export interface IdentityCheck {
  readonly parts: readonly RegionPart[]
  readonly birthDateNeeded: boolean
}

/**
 * Product.md rule 3. A region's record bears the number asked or its stated successor (the client of regions saw to the asked one), and
 * the viewer's birth date where one was given; without one, the regions must agree, or none of them is shown.
 */
export function checkIdentity(parts: readonly RegionPart[], birthDate: string | null): IdentityCheck {
  const answered = parts.filter((part) => part.status === 'ANSWERED')
  if (birthDate !== null) {
    return { parts: parts.map((part) => (part.status === 'ANSWERED' && !agree(part.reply.birthDate, birthDate) ? toMismatch(part) : part)), birthDateNeeded: false }
  }
  const differ = answered.some((a) => answered.some((b) => !agree(a.reply.birthDate, b.reply.birthDate)))
  return differ ? { parts: parts.map((part) => (part.status === 'ANSWERED' ? toMismatch(part) : part)), birthDateNeeded: true } : { parts, birthDateNeeded: false }
}

/** Dates agree as far as both are known: 1970 and 1970-05-03 do. A record without a birth date disagrees with none. */
function agree(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return true
  const shared = Math.min(a.length, b.length, 10)
  return a.slice(0, shared) === b.slice(0, shared)
}

function toMismatch(part: RegionPart): RegionPart {
  return { ...part, status: 'IDENTITY_MISMATCH', asOf: null, reply: null }
}
