import { createHash } from 'node:crypto'
import { checkDigit, toNhsNumber } from '../../schema/nhs-number.ts'
import { type FhirIdentifier, nhsNumberSystem, toIdentifier } from './datatypes/identifier.ts'
/**
 * The numbers assigned in one run, each with the patient's identity. Passing them from Bundle to Bundle finds
 * collisions.
 */
export type AssignedNumbers = Map<string, string>

export type PatientNumberResult =
  | { readonly nhsNumber: string }
  | { readonly path: string; readonly code: string; readonly fault: string }

export interface PatientNumberOptions {
  /** Null takes numbers as they are; a patient without a valid one then has none. */
  readonly assignedNumbers: AssignedNumbers | null
  /** The identity of a patient without any identifier, when re-numbered. */
  readonly fallback: string | null
}

/** Decides a patient's NHS number, re-numbered into the 999 range if asked, or why there is none. */
export function decidePatientNumber(
  identifiers: readonly FhirIdentifier[],
  { assignedNumbers, fallback }: PatientNumberOptions,
): PatientNumberResult {
  const index = identifiers.findIndex(
    (one) => one.system === nhsNumberSystem && one.value !== undefined && one.use !== 'old',
  )
  const published = identifiers[index]?.value
  const path = index < 0 ? 'identifier' : `identifier[${index}].value`
  if (assignedNumbers) return renumber(identifiers, published, { assignedNumbers, fallback })
  if (published === undefined)
    return { path, code: 'required', fault: `expected an identifier of system ${nhsNumberSystem}, found none in use` }
  const nhsNumber = toNhsNumber(published)
  if (nhsNumber === null)
    return {
      path,
      code: 'value',
      fault: 'expected ten digits with the check digit of an NHS number, found string of another form',
    }
  const other = identifiers.find(
    (one) =>
      one.system === nhsNumberSystem &&
      one.use !== 'old' &&
      one.value !== undefined &&
      toNhsNumber(one.value) !== nhsNumber,
  )
  if (other) return { path: 'identifier', code: 'invariant', fault: 'expected one NHS number in use, found several' }
  return { nhsNumber }
}

/** The number in the 999 range for a number that a reference or link states. */
export function toRenumbered(published: string): string {
  const digits = published.replace(/[\s-]/g, '')
  const nhsNumber = toNhsNumber(digits)
  return nhsNumber?.startsWith('999') ? nhsNumber : toTestNumber(`${nhsNumberSystem}|${digits}`)
}

function renumber(
  identifiers: readonly FhirIdentifier[],
  published: string | undefined,
  { assignedNumbers, fallback }: { assignedNumbers: AssignedNumbers; fallback: string | null },
): PatientNumberResult {
  // The NHS number comes first, because regions share it and references may state it alone.
  const local = identifiers.find((one) => one.system !== nhsNumberSystem && toIdentifier(one))
  const identity =
    published !== undefined
      ? `${nhsNumberSystem}|${published.replace(/[\s-]/g, '')}`
      : local
        ? `${local.system}|${local.value}`
        : fallback
  if (identity === null)
    return {
      path: 'identifier',
      code: 'required',
      fault: 'expected an identifier, an id or a fullUrl to re-number by, found none',
    }
  const nhsNumber = published === undefined ? toTestNumber(identity) : toRenumbered(published)
  if ((assignedNumbers.get(nhsNumber) ?? identity) !== identity) {
    return {
      path: 'identifier',
      code: 'conflict',
      fault: 'expected a number of its own when re-numbered, found that of another patient of this run',
    }
  }
  assignedNumbers.set(nhsNumber, identity)
  return { nhsNumber }
}

/**
 * The NHS number in the 999 test range that a patient known by this text is given: 999, six digits from 100000 to
 * 999999 made from its SHA-256, and the check digit. The same text has the same number, in every region and run; two
 * texts may rarely share one.
 */
export function toTestNumber(identity: string): string {
  for (let digest = sha256(identity); ; digest = sha256(digest)) {
    const nineDigits = `999${100_000 + (digest.readUIntBE(0, 6) % 900_000)}`
    const last = checkDigit(nineDigits)
    // No NHS number has the check digit 10, so the next digest is tried.
    if (last !== null) return nineDigits + last
  }
}

function sha256(input: string | Buffer): Buffer {
  return createHash('sha256').update(input).digest()
}
