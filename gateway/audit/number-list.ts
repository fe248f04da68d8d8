/** Unsigned 32-bit numbers by position, four bytes each, growing without copying. */
export interface NumberList {
  push(value: number): void
  /** 0 where there is none. */
  at(position: number): number
  readonly length: number
}

const chunkLength = 1 << 16

export function createNumberList(): NumberList {
  const chunks: Uint32Array[] = []
  let length = 0
  return {
    push(value) {
      if (length % chunkLength === 0) chunks.push(new Uint32Array(chunkLength))
      const chunk = chunks.at(-1)
      if (chunk) chunk[length % chunkLength] = value
      length++
    },
    at: (position) => chunks[Math.floor(position / chunkLength)]?.[position % chunkLength] ?? 0,
    get length() {
      return length
    },
  }
}
