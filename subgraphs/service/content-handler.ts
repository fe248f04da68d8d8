import { Readable } from 'node:stream'
import { contentReleaseHeader, printContentRelease } from '../../schema/content-release.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { parseByteRange } from '../../schema/service/byte-range.ts'
import { createErrorResponse } from '../../schema/service/error-response.ts'
import { toContentType } from '../../schema/service/media-type.ts'
import type { RouteHandler } from '../../schema/service/use-route-handlers.ts'
import { toSdlReleaseDecision } from '../release/view-reply.ts'
import { type DocumentsRequest, type FoundDocument, readDocuments } from '../sections/read-documents.ts'
import type { StoreRequestContext } from './resolvers.ts'

export type ContentHandlerOptions = Pick<DocumentsRequest, 'store' | 'policies' | 'onRelease'> & {
  readonly now: () => number
}

/**
 * Streams a document's content to a gateway, or a byte range of it, if the rules release the document to the viewer
 * now.
 */
export function createContentHandler({
  now,
  ...region
}: ContentHandlerOptions): RouteHandler<string, StoreRequestContext> {
  return async (request, { match: { parameter: id }, caller: { viewer, access } }) => {
    const found = (await readDocuments({ ...region, ids: [id], viewer, access, nowMs: now() })).get(id)
    const release: Record<string, string> = found
      ? { [contentReleaseHeader]: printContentRelease(toContentRelease(found)) }
      : {}
    const notAvailable = () =>
      createErrorResponse(request, 404, fault('CONTENT_NOT_AVAILABLE', 'There is no such content to show.'), release)
    if (found?.document?.contentAnswer === 'LOCATION_PROTECTED') {
      return createErrorResponse(
        request,
        403,
        fault('LOCATION_PROTECTED', "This patient's location is protected, and the content may tell it."),
        release,
      )
    }
    const content = found?.document?.content
    if (!content) return notAvailable()
    const etag = `"${content.sha256}"`
    const range = parseByteRange(request.headers.get('range'), content.size, {
      etag,
      ifRange: request.headers.get('if-range'),
    })
    if (range === 'unsatisfiable') {
      return createErrorResponse(
        request,
        416,
        fault('RANGE_NOT_SATISFIABLE', 'Expected a byte range within the content.'),
        {
          ...release,
          'content-range': `bytes */${content.size}`,
        },
      )
    }
    const { start, end } = range ?? { start: 0, end: content.size - 1 }
    const chunks = await region.store.readContent(content.sha256, start)
    if (!chunks) return notAvailable()
    return new Response(
      Readable.toWeb(Readable.from(takeBytes(chunks, end - start + 1))) as ReadableStream<Uint8Array>,
      {
        status: range ? 206 : 200,
        headers: {
          'content-type': toContentType(content.contentType),
          'content-length': String(end - start + 1),
          'accept-ranges': 'bytes',
          etag,
          ...release,
          ...(range ? { 'content-range': `bytes ${start}-${end}/${content.size}` } : {}),
        },
      },
    )
  }
}

/** Builds the gateway's audit entry. For a concealed patient it has only the number. */
function toContentRelease({ nhsNumber, release }: FoundDocument) {
  return { nhsNumber, decision: toSdlReleaseDecision(release) }
}

async function* takeBytes(chunks: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  let left = size
  for await (const chunk of chunks) {
    yield chunk.length > left ? chunk.subarray(0, left) : chunk
    left -= chunk.length
    if (left <= 0) return
  }
}
