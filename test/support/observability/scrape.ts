/** What a gateway at this address says at /metrics. */
export interface Scrape {
  readonly text: string
  /** The sum of the samples of this name whose labels hold these; 0 where there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number
  /** All values of a label. */
  valuesOf(label: string): ReadonlySet<string>
}

export async function scrape(url: string): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`)
  if (response.status !== 200) throw new Error(`Expected metrics, found HTTP ${response.status}`)
  const text = await response.text()
  const samples = text.split('\n').flatMap((line) => {
    const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    return value === undefined ? [] : [{ name, labels: toLabels(labels), value: Number(value) }]
  })
  return {
    text,
    value: (name, wanted = {}) =>
      samples
        .filter(
          (sample) =>
            sample.name === name && Object.entries(wanted).every(([label, value]) => sample.labels[label] === value),
        )
        .reduce((sum, { value }) => sum + value, 0),
    valuesOf: (label) => new Set(samples.flatMap(({ labels }) => labels[label] ?? [])),
  }
}

function toLabels(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', value = '']) => [label, value]))
}
