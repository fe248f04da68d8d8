import type { ConsentCode, RegionStatus } from '../../schema/generated/patient-view.ts'

/**
 * Messages by status, for people (gateway/README.md, Complete and what to say). `name` is the region's viewer:
 * e-Xchange, LPRES.
 */
export const regionMessages: Readonly<Record<RegionStatus, (name: string) => string>> = {
  ANSWERED: (name) => `${name} answered`,
  NOT_KNOWN: (name) => `${name} has no record it can show for this number; this does not mean that none exists`,
  REFUSED: (name) => `${name}'s sharing rules do not let you see this record`,
  PERMISSION_REQUIRED: (name) => `${name} asks for the patient's permission to view before it shows anything`,
  RELATIONSHIP_REQUIRED: (name) =>
    `${name} asks for a legitimate relationship with the patient before it shows anything`,
  IDENTITY_MISMATCH: (name) => `${name}'s record bears another NHS number or birth date; nothing of it is shown`,
  TIMED_OUT: didNotAnswerMessage,
  UNREACHABLE: didNotAnswerMessage,
  FAILED: didNotAnswerMessage,
  SUSPENDED: didNotAnswerMessage,
  NOT_ASKED: (name) => `${name} was not asked; what it holds is missing below`,
}

/** Messages of a refusal whose rule may be disclosed. */
export const refusalMessages: Readonly<Partial<Record<ConsentCode, (name: string) => string>>> = {
  REFUSED_PURPOSE: (name) => `${name} does not share for this purpose of use`,
  REFUSED_AGREEMENT: (name) => `No agreement lets ${name} share this with you`,
  REFUSED_ROLE: (name) => `${name} does not share this with your role`,
  REFUSED_SELF: (name) => `${name} shows nobody their own record`,
  REFUSED_OPT_OUT: (name) => `The patient has opted out of sharing what ${name} holds`,
}
export const breakGlassMessage = (name: string) =>
  `You may break the glass for a reason that ${name} takes; this is reviewed`
export const breakGlassForRestrictedMessage = (name: string) =>
  `For very restricted content you may break the glass for a reason that ${name} takes; this is reviewed`
export const overriddenMessage = (name: string) =>
  `${name}'s part is shown because the glass was broken; this is reviewed`

export function didNotAnswerMessage(name: string): string {
  return `${name} did not answer; what it holds is missing below`
}

export const tooLargeMessage = (name: string) =>
  `${name}'s answer was too large to read; what it holds is missing below; ask for less of it at a time`
export const withheldMessage = (name: string) => `Some of this is withheld by ${name}'s sharing rules`
export const truncatedMessage = (name: string) => `${name} holds more than is shown`
export const notSupportedMessage = (name: string, noun: string) => `${name} does not hold ${noun}`
export const recordedMessage = (names: string, noun: string) => `${names}: ${noun} recorded`
export const noneRecordedMessage = (name: string, noun: string, period: string) =>
  `${name}: no ${noun} recorded${period}`
export const nothingRecordedMessage = (noun: string, period: string) => `No ${noun} recorded${period}`
export const noKnownAllergiesMessage = 'No known allergies'
export const assertedNoneMessage = (name: string) => `${name}: no known allergies`
export const contradictionMessage = (name: string) =>
  `${name} says that there are no known allergies, which the allergies below contradict`
export const birthDateNeededMessage =
  "The regions' records bear different birth dates; ask again with the patient's birth date"
export const completeMessage = (names: string) => `Complete: ${names} answered`

export const contentProtectedMessage =
  "The content of this patient's documents is not opened, because it may tell where the patient is, and that is protected"
export const noDocumentMessage = 'No region has a document it can show for this id; this does not mean that none exists'
export const disputedDocumentMessage =
  "The regions hold different patients' documents under this id; ask for the document by its patient"

/** Joins clauses as sentences, without repetition. */
export function toSentences(clauses: readonly string[]): string {
  return [...new Set(clauses)].map((clause) => `${clause}.`).join(' ')
}

/** Joins names as `A`, `A and B`, `A, B and C`. */
export function toEnumeration(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
