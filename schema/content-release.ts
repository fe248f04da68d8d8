import { z } from 'zod'
import { consentCodes } from './policies/decision.ts'

/**
 * The header in which a store tells the gateway, for its audit trail alone, whose content was asked for and what was decided: with content,
 * and where a patient was found and the content is not released.
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

/** Whose content it is, and what the region decided: of its ReleaseDecision what an audit trail keeps. */
export type ContentRelease = z.infer<typeof contentRelease>

/** The header's value: JSON in ASCII, with nothing but what the trail keeps. */
export function printContentRelease(release: ContentRelease): string {
  return JSON.stringify(contentRelease.parse(release)).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** What a header's value says; null for anything else. */
export function parseContentRelease(value: unknown): ContentRelease | null {
  if (typeof value !== 'string') return null
  try {
    return contentRelease.parse(JSON.parse(value))
  } catch {
    return null
  }
}
