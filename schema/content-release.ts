import { z } from 'zod'
import { consentCodes } from './policies/decision.ts'

/**
 * The header in which a store tells the gateway whose content was requested and what was decided, for the audit trail
 * alone. It comes with content, and with a refusal that found a patient.
 */
export const contentReleaseHeader = 'gateway-release'

const text = z.string().min(1)

const contentRelease = z.object({
  nhsNumber: text,
  decision: z.object({
    code: z.enum(consentCodes),
    rules: z.array(text).readonly(),
    policyVersion: text,
    grants: z.array(text).readonly(),
    permission: text.nullable(),
    itemRules: z.array(text).readonly(),
    alert: z.boolean(),
  }),
})

/** The patient, and the parts of the region's ReleaseDecision that an audit event records. */
export type ContentRelease = z.infer<typeof contentRelease>

/** Prints the header's value: JSON in ASCII, with only what the audit trail records. */
export function printContentRelease(release: ContentRelease): string {
  return JSON.stringify(contentRelease.parse(release)).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Parses a header's value; null for anything else. */
export function parseContentRelease(value: unknown): ContentRelease | null {
  if (typeof value !== 'string') return null
  try {
    return contentRelease.parse(JSON.parse(value))
  } catch {
    return null
  }
}
