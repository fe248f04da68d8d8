import type { UtilisationReport } from '../../schema/generated/patient-view.ts'
import { StartupError } from '../../schema/service/startup-error.ts'
import { reportQuery } from './browser/report-query.js'

export interface FetchReportOptions {
  /** The gateway's address. */
  readonly url: string
  readonly token: string
  /** Null: the last week that is over. */
  readonly week: string | null
}

interface ReportResponse {
  readonly data?: { readonly utilisation: UtilisationReport | null } | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

/**
 * The report as a running gateway answers it; rejects with StartRefused, with the gateway's own code and words, where
 * it does not.
 */
export async function fetchReport({ url, token, week }: FetchReportOptions): Promise<UtilisationReport> {
  const { data, errors } = await postReportQuery(url, token, week)
  if (data?.utilisation) return data.utilisation
  const [error] = errors ?? []
  throw new StartupError(
    error ? `${error.extensions?.code ?? 'ERROR'}: ${error.message}` : `${url}: expected a report, found none`,
  )
}

async function postReportQuery(url: string, token: string, week: string | null): Promise<ReportResponse> {
  try {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: reportQuery, variables: { week } }),
      redirect: 'error',
    })
    return await response.json()
  } catch (cause) {
    throw new StartupError(`${url}: expected a gateway that answers, found none; is it started?`, { cause })
  }
}
