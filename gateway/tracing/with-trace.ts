import type { CallTrace } from '../regions/call-trace.ts'
import type { CredentialsFor } from '../request-context.ts'

/** Lets the trace of a request go with its credentials, so with each of its calls; of an ask that is shared, the trace of who asked first. */
export function withTrace(credentialsFor: CredentialsFor, trace: CallTrace | null): CredentialsFor {
  return trace ? async (region, context) => ({ ...(await credentialsFor(region, context)), trace }) : credentialsFor
}
