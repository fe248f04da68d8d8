import { Readable } from 'node:stream'
import { fault } from '../../schema/graphql-errors.ts'
import { parseByteRange } from '../../schema/http/byte-range.ts'
import { createErrorResponse } from '../../schema/http/error-response.ts'
import { toContentType } from '../../schema/http/media-type.ts'
import { printRelease, releaseHeader } from '../../schema/http/release-header.ts'
import type { RouteHandler } from '../../schema/http/use-route-handlers.ts'
import { type DocumentsQuestion, type FoundDocument, readDocuments } from './read-documents.ts'
import type { ServiceContext } from './resolvers.ts'
import { toReleaseDecision } from './view-reply.ts'

export type ContentOptions = Pick<DocumentsQuestion, 'store' | 'policies' | 'onRelease'> & { readonly now: () => number }

/** Streams a document's content to a gateway, if the rules release the document to the viewer now; a byte range of it where one is asked. */
export function createContentHandler({ now, ...region }: ContentOptions): RouteHandler<string, ServiceContext> {
  return async (request, { match: { parameter: id }, caller: { viewer, access } }) => {
    const found = (await readDocuments({ ...region, ids: [id], viewer, access, nowMs: now() })).get(id)
    const release: Record<string, string> = found ? { [releaseHeader]: printRelease(toAudited(found)) } : {}
    const notAvailable = () => createErrorResponse(request, 404, fault('CONTENT_NOT_AVAILABLE', 'There is no such content to show.'), release)
    if (found?.document?.contentAnswer === 'LOCATION_PROTECTED') {
      return createErrorResponse(request, 403, fault('LOCATION_PROTECTED', "This patient's location is protected, and the content may tell it."), release)
    }
    const content = found?.document?.content
    if (!content) return notAvailable()
    const etag = `"${content.sha256}"`
    const range = parseByteRange(request.headers.get('range'), content.size, { etag, ifRange: request.headers.get('if-range') })
    if (range === 'unsatisfiable') {
      return createErrorResponse(request, 416, fault('RANGE_NOT_SATISFIABLE', 'Expected a byte range within the content.'), {
        ...release,
        'content-range': `bytes */${content.size}`,
      })
    }
    const { start, end } = range ?? { start: 0, end: content.size - 1 }
    const chunks = await region.store.readContent(content.sha256, start)
    if (!chunks) return notAvailable()
    return new Response(Readable.toWeb(Readable.from(upTo(chunks, end - start + 1))) as ReadableStream<Uint8Array>, {
      status: range ? 206 : 200,
      headers: {
        'content-type': toContentType(content.contentType),
        'content-length': String(end - start + 1),
        'accept-ranges': 'bytes',
        etag,
        ...release,
        ...(range ? { 'content-range': `bytes ${start}-${end}/${content.size}` } : {}),
      },
    })
  }
}

/** What the gateway puts on its trail. A patient who must look unknown is known to nobody there either, but by the number. */
function toAudited({ nhsNumber, release }: FoundDocument) {
  return { nhsNumber, decision: toReleaseDecision(release) }
}

async function* upTo(chunks: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  let left = size
  for await (const chunk of chunks) {
    yield chunk.length > left ? chunk.subarray(0, left) : chunk
    left -= chunk.length
    if (left <= 0) return
  }
}
