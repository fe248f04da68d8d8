import { type TokenHolder, TokenRejected, type TokenVerifier, toBearerToken } from '../../schema/access-token.ts'
import type { Publishers } from '../../schema/publishers.ts'
import { toScopeChallenge } from '../../schema/scopes.ts'
import { storeRoutes } from '../../schema/service/routes.ts'
import { readBodyBytes } from '../../schema/service/use-json-requests.ts'
import { toPublishedBy } from '../store/published-by.ts'
import type { RecordStore } from '../store/record-store.ts'
import { errorResponse, fhirResponse } from './endpoint/operation-outcome.ts'
import { toRequestId, withRequestId } from './endpoint/request-id.ts'
import { createBundlePublisher, type PublishBundle } from './publish-bundle.ts'

export interface FhirEndpointOptions {
  readonly store: Pick<RecordStore, 'publish'>
  /** Parses, maps and stores a Bundle. @default in this thread, which holds the event loop */
  readonly publishBundle?: PublishBundle
  readonly verifyToken: TokenVerifier
  /** The organisations that publish in the region. */
  readonly publishers: Publishers
  /** @default 16 MiB */
  readonly maxBytes?: number
}

const { scope } = storeRoutes.fhir

/**
 * Answers POST /fhir: publishes an R4 Bundle as the organisation of the caller's token. Every refusal is an
 * OperationOutcome that holds nothing of the Bundle: 400 no JSON, cut short, or beyond limits.ts, 401 no token, 403 no
 * scope or an organisation that is not listed, 405, 409 conflict with what is held, 413 too long, 415 other media or
 * another fhirVersion parameter, 422 faults (a body of another FHIR version is one), 503 the token cannot be checked.
 * What is published is answered entry by entry with what became of it. Each answer has the request's id (X-Request-Id),
 * by which the publishing trail knows it. Rejects only for a bug or a store that fails.
 */
export function createFhirEndpoint({
  store,
  publishBundle = createBundlePublisher(store),
  verifyToken,
  publishers,
  maxBytes = 16 * 1024 * 1024,
}: FhirEndpointOptions): (request: Request) => Promise<Response> {
  const answer = async (request: Request, requestId: string): Promise<Response> => {
    if (request.method !== 'POST')
      return errorResponse(405, 'not-supported', 'expected POST, found another method', { allow: 'POST' })
    // This runs before the body is read, so that an unauthorised caller cannot make us read one.
    const holder = await authenticate(request, verifyToken)
    if (holder instanceof Response) return holder
    const { odsCode, name } = holder.organisation
    const publisher = publishers.find(odsCode)
    if (publisher === null) return errorResponse(403, 'forbidden', describeUnlisted(odsCode, publishers), close)
    const mediaFault = findMediaFault(request.headers.get('content-type'))
    if (mediaFault !== null) return errorResponse(415, 'not-supported', mediaFault, close)
    if (request.headers.has('content-encoding'))
      return errorResponse(415, 'not-supported', 'expected a body without Content-Encoding, found one', close)

    const body = await readBodyBytes(request, maxBytes)
    if (body.status === 'too-long')
      return errorResponse(413, 'too-long', `expected a body of at most ${maxBytes} bytes, found more`, close)
    // No client receives this.
    if (body.status === 'aborted')
      return errorResponse(400, 'incomplete', 'expected the whole body, found its sender gone', close)

    const published = await publishBundle(body.bytes, {
      source: { odsCode, name },
      by: toPublishedBy(publisher, { via: 'http', person: holder.id, requestId }),
    })
    return fhirResponse(published.status, published.body)
  }
  return async (request) => {
    const requestId = toRequestId(request.headers)
    return withRequestId(await answer(request, requestId), requestId)
  }
}

/** The body is not read to its end, so the connection cannot be reused. */
const close = { connection: 'close' }

async function authenticate(request: Request, verifyToken: TokenVerifier): Promise<TokenHolder | Response> {
  try {
    const holder = await verifyToken(toBearerToken(request.headers.get('authorization')))
    if (holder.scopes.includes(scope)) return holder
    return errorResponse(403, 'forbidden', `expected a token with the scope ${scope}, found one without`, {
      'www-authenticate': toScopeChallenge(scope),
      ...close,
    })
  } catch (cause) {
    if (cause instanceof TokenRejected)
      return errorResponse(401, 'login', cause.message, { 'www-authenticate': 'Bearer', ...close })
    return errorResponse(503, 'transient', 'The keys to verify the token with cannot be reached.', {
      'retry-after': '5',
      ...close,
    })
  }
}

const mediaTypes = new Set(['application/fhir+json', 'application/json'])

/** Finds why a Content-Type is refused; null for FHIR R4 or JSON in UTF-8. */
export function findMediaFault(contentType: string | null): string | null {
  const [mediaType = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase())
  if (!mediaTypes.has(mediaType))
    return 'expected Content-Type application/fhir+json or application/json, found another'
  for (const parameter of parameters) {
    const [name, value = ''] = parameter.split('=').map((part) => part.trim().replace(/^"(.*)"$/, '$1'))
    if (name === 'fhirversion' && !/^4\.0(\.\d)?$/.test(value)) return 'expected fhirVersion=4.0, found another'
    if (name === 'charset' && value !== 'utf-8' && value !== 'utf8') return 'expected charset=utf-8, found another'
  }
  return null
}

/** Explains why an organisation may not publish: its code, the regions that list it, and who keeps the list. */
export function describeUnlisted(odsCode: string, publishers: Pick<Publishers, 'office' | 'findRegions'>): string {
  const listed = publishers.findRegions(odsCode)
  const elsewhere = listed.length === 0 ? 'It is listed in no region.' : `It is listed in ${listed.join(', ')} only.`
  const { odsCode: office, name } = publishers.office
  return `expected an organisation that is listed to publish in this region, found ${odsCode}, which is not. ${elsewhere} ${name} (${office}) keeps the list of publishers (publishers.json).`
}
