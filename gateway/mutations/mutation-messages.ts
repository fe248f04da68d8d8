import type { BreakGlassOption } from '../../schema/generated/region.ts'
import { toEnumeration } from '../patient-view/messages.ts'

/** Precedes the region's own text. */
export const doneMessages = {
  recordPermission: (name: string) => `Recorded with ${name}.`,
  withdrawPermission: (name: string) => `Withdrawn from ${name}.`,
  breakGlass: (name: string) => `The glass is broken at ${name}; your organisation and the region will review it.`,
} as const

export const unavailableMessage = (name: string) =>
  `${name} did not answer: this may or may not have been recorded. It is safe to ask again.`

/** Used both for another officer's review and for an unknown grant, so that neither reveals that a grant exists. */
export const notYoursMessage = 'There is no such review for you to do.'

const barrierNames: Readonly<Record<BreakGlassOption['barrier'], string>> = {
  OPT_OUT: "the patient's opt-out",
  PERMISSION: 'the missing permission',
  CONFIDENTIALITY: 'very restricted content',
}

/** Lists the reasons that a region accepts, one sentence per barrier. */
export function toOverrideOptionsMessage(name: string, options: readonly BreakGlassOption[]): string {
  return options
    .map(
      ({ barrier, reasons }) =>
        `Against ${barrierNames[barrier]} ${name} takes ${toEnumeration(reasons.map((reason) => reason.toLowerCase().replaceAll('_', ' ')))}.`,
    )
    .join(' ')
}
