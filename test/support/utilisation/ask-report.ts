import { reportQuery } from '../../../gateway/utilisation/browser/report-query.js'
import type { UtilisationReport } from '../../../schema/generated/patient-view.ts'
import type { System } from '../system.ts'

/** The report of a week, as the programme office is answered. */
export async function askReport(system: System, address: string, week: string | null): Promise<UtilisationReport> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await system.token({ scope: 'reports' })}`,
    },
    body: JSON.stringify({ query: reportQuery, variables: { week } }),
  })
  const { data, errors } = await response.json()
  if (errors) throw new Error(JSON.stringify(errors))
  return data.utilisation
}
