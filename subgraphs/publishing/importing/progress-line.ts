import type { ImportProgress } from './import-files.ts'

export interface ProgressLineOptions {
  readonly stream: NodeJS.WriteStream
  /** @default Date.now */
  readonly now?: () => number
}

/**
 * Shows how far an import is: on a terminal one line rewritten ten times a second, elsewhere a line every five seconds.
 */
export function createProgressLine({ stream, now = Date.now }: ProgressLineOptions) {
  const startedAtMs = now()
  const everyMs = stream.isTTY ? 100 : 5000
  let shownAtMs = stream.isTTY ? 0 : startedAtMs
  return {
    show({ bundles, entries, refused, file }: ImportProgress): void {
      if (now() - shownAtMs < everyMs) return
      shownAtMs = now()
      const seconds = Math.max((now() - startedAtMs) / 1000, 0.001)
      const text = `${bundles} Bundles (${refused} refused), ${entries} entries, ${Math.round(entries / seconds)} a second, at ${file}`
      stream.write(stream.isTTY ? `\r\x1b[K${text.slice(0, stream.columns - 1)}` : `${text}\n`)
    },
    /** Makes room for other lines. */
    clear(): void {
      if (stream.isTTY) stream.write('\r\x1b[K')
    },
  }
}
