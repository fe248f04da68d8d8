const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Alert rules with every window, `for` and offset so many times shorter, all else as it is; nothing gets shorter than a second. */
export function shorten(rules: string, times: number): string {
  return rules.replace(/(\[|for: |offset )(\d+)([smhd])/g, (_, before: string, count: string, unit: string) => {
    const seconds = Math.max(1, Math.round((Number(count) * (secondsOf[unit] ?? 1)) / times))
    return `${before}${seconds}s`
  })
}
