import { hash } from 'node:crypto'
import { type Json, nhsNumberSystem, snomed, toPatient, transaction } from '../publishing/bundle.ts'

const conditions = 40
const letters = 3
const letterBytes = 150_000

/**
 * A transaction of one patient's whole record, 43 items and 450 kB of content, every part of which says its version.
 */
export function toVersionedBundle(nhsNumber: string, version: number): Json {
  const meta = { versionId: String(version) }
  const identifierOf = (name: string) => ({ system: 'https://trust.example/ids', value: `${nhsNumber}-${name}` })
  const patient = {
    resourceType: 'Patient',
    id: 'p1',
    identifier: [{ system: nhsNumberSystem, value: nhsNumber }],
    name: [{ family: 'Person', given: ['Example'] }],
    birthDate: '1980-05-01',
    meta,
  }
  const toCondition = (_: unknown, index: number) => ({
    resourceType: 'Condition',
    meta,
    identifier: [identifierOf(`condition-${index}`)],
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: snomed('195967001', toText(version)),
    subject: toPatient,
  })
  const toLetter = (_: unknown, index: number) => ({
    resourceType: 'DocumentReference',
    meta,
    masterIdentifier: identifierOf(`letter-${index}`),
    status: 'current',
    type: snomed('373942005', 'Discharge summary'),
    category: [snomed('823651000000106', 'Clinical note')],
    subject: toPatient,
    date: '2026-01-01T00:00:00Z',
    description: toText(version),
    content: [
      {
        attachment: {
          contentType: 'text/plain',
          data: Buffer.from(toLetterText(nhsNumber, version, index)).toString('base64'),
        },
      },
    ],
  })
  return transaction(
    patient,
    ...Array.from({ length: conditions }, toCondition),
    ...Array.from({ length: letters }, toLetter),
  )
}

/** How many items and contents a version has. */
export const versionedParts = { conditions, letters } as const

/** What each item of a version says. */
export function toText(version: number): string {
  return `Version ${version}`
}

/** The SHA-256 of a letter's content in a version. */
export function toLetterHash(nhsNumber: string, version: number, index: number): string {
  return hash('sha256', toLetterText(nhsNumber, version, index))
}

function toLetterText(nhsNumber: string, version: number, index: number): string {
  return `Letter ${index} of ${nhsNumber}, version ${version}. `.padEnd(letterBytes, 'Nothing else is said. ')
}
