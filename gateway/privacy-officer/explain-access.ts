import type { AccessExplanation, RuleEffect, SectionName, ViewerInput } from '../../schema/generated/patient-view.ts'
import type { ExplainedViewer, Explanation } from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { findOrganisationRegions } from '../../schema/organisations.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { toDefaultContext } from '../consent/default-context.ts'
import { toSupervisor } from '../consent/to-person-id.ts'
import type { RegionClient } from '../regions/region-client.ts'
import { runRegionOperation } from '../regions/region-operation.ts'
import type { RequestContext } from '../request/request-context.ts'
import type { PrivacyQueryResult } from './privacy-query-result.ts'

export interface ExplainArgs {
  readonly nhsNumber: string
  readonly viewer: ViewerInput
}

/**
 * Explains what a viewer would be shown in each region of the officer's organisation; no other region is asked.
 * Throws REGION_UNAVAILABLE if one does not answer.
 */
export async function explainAccess(
  clients: readonly RegionClient[],
  { nhsNumber, viewer }: ExplainArgs,
  request: RequestContext,
): Promise<PrivacyQueryResult> {
  const { holder, credentialsFor } = request
  const officerRegions = findOrganisationRegions(holder.organisation.odsCode)
  const askedClients = clients.filter(({ region }) => officerRegions.includes(region.code))
  const outcomes = await Promise.all(
    askedClients.map(async (client) => {
      const { region } = client
      const credentials = await credentialsFor(region.code, toDefaultContext(holder))
      return {
        region,
        outcome: await runRegionOperation(
          client,
          'explainAccess',
          { nhsNumber, viewer: toExplainedViewer(viewer) },
          credentials,
          request,
        ),
      }
    }),
  )
  const explanations = outcomes.flatMap(({ region, outcome }) =>
    outcome.status === 'REPLIED' ? [toAccessExplanation(region, outcome.reply)] : [],
  )
  const unanswered = outcomes.find(({ outcome }) => outcome.status !== 'REPLIED')
  if (!unanswered) return { value: explanations, status: 'ANSWERED', items: explanations.length }
  const { region, outcome } = unanswered
  const extensions = { region: region.code, status: outcome.status }
  return {
    value: fault('REGION_UNAVAILABLE', `${region.applicationName} did not answer. Ask again.`, { extensions }),
    status: outcome.status,
    items: 0,
  }
}

function toExplainedViewer({ role, organisation, areaOfWork, access }: ViewerInput): ExplainedViewer {
  const { purpose, relationship, reason, supervisor } = access ?? {}
  return {
    role,
    organisation,
    areaOfWork: areaOfWork ?? null,
    purpose: purpose ?? 'DIRECT_CARE',
    relationship: relationship ?? null,
    reason: reason ?? null,
    supervisor: toSupervisor(supervisor),
  }
}

type ExplanationWithRegion = Omit<AccessExplanation, 'region'> & { readonly region: RegionConfiguration }

function toAccessExplanation(
  region: RegionConfiguration,
  { decision, concealed, sections, rules }: Explanation,
): ExplanationWithRegion {
  const { code, rules: deciding, policyVersion, grants, breakGlass } = decision
  return {
    region,
    decision: { code, rules: deciding, policyVersion, grant: grants[0] ?? null, breakGlass },
    concealed,
    sections: sections.map((one) => ({
      ...one,
      section: one.section as SectionName,
      region: region.code,
      truncated: false,
      window: null,
    })),
    rules: rules.map((rule) => ({ ...rule, effect: rule.effect as RuleEffect })),
  }
}
