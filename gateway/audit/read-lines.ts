import { open } from 'node:fs/promises'

/** A line of a file, without its newline, where it starts, and whether it has one. */
export interface FileLine {
  readonly bytes: Buffer
  readonly offset: number
  readonly ending: 'WHOLE' | 'TORN'
}

// Small enough that a chunk of events keeps the event loop from others for less than a millisecond.
const chunkBytes = 1 << 17
const longestLineBytes = 1 << 24

/** The lines of a file from an offset on, some at a time, in memory for no more than a chunk and a line; an overlong line counts as torn and ends it. */
export async function* readLines(file: string, from = 0): AsyncGenerator<readonly FileLine[]> {
  const handle = await open(file)
  try {
    let rest = Buffer.alloc(0)
    let offset = from
    while (rest.length <= longestLineBytes) {
      const chunk = Buffer.allocUnsafe(chunkBytes)
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, offset + rest.length)
      if (bytesRead === 0) break
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(0, bytesRead)]) : chunk.subarray(0, bytesRead)
      const lines: FileLine[] = []
      let start = 0
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        lines.push({ bytes: bytes.subarray(start, end), offset: offset + start, ending: 'WHOLE' })
        start = end + 1
      }
      if (lines.length > 0) yield lines
      rest = bytes.subarray(start)
      offset += start
    }
    if (rest.length > 0) yield [{ bytes: rest, offset, ending: 'TORN' }]
  } finally {
    await handle.close()
  }
}

const newline = 0x0a
