import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** The text of one Bundle, and where it stands. */
export interface BundleText {
  readonly file: string
  /** Of an .ndjson file, from 1; else null. */
  readonly line: number | null
  /** Null where it cannot be read. */
  readonly text: string | null
}

/**
 * The Bundles of the files one after another: of an .ndjson file each line that is not blank, of any other the whole.
 */
export async function* readBundles(files: Iterable<string>): AsyncGenerator<BundleText, void, undefined> {
  for (const file of files) {
    try {
      if (file.endsWith('.ndjson')) yield* readLines(file)
      else yield { file, line: null, text: withoutMark(await readFile(file, 'utf8')) }
    } catch (cause) {
      // Gone, not permitted, or longer than a string can be: the other files go on.
      if (!(cause instanceof Error && 'code' in cause)) throw cause
      yield { file, line: null, text: null }
    }
  }
}

async function* readLines(file: string): AsyncGenerator<BundleText, void, undefined> {
  let line = 0
  for await (const text of createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line++
    if (text.trim() !== '') yield { file, line, text: line === 1 ? withoutMark(text) : text }
  }
}

/** Without the byte order mark that some editors put first, which JSON does not allow. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '')
}
