/** What a viewer sends who means no good, or has a broken client. */
export interface HostileRequest {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  /** Hangs up so many milliseconds after sending. Null: waits for the answer. */
  readonly hangsUpMs: number | null
}

export interface HostileViewerOptions {
  /** Where the gateway answers. */
  readonly url: string
  readonly token: string
  readonly nhsNumbers: readonly string[]
  /** From 0 to 1. */
  readonly random: () => number
  /** Requests at a time. */
  readonly atOnce: number
}

/** A hostile viewer at work. */
export interface HostileViewer {
  /** How often each HTTP status was answered, 0 where the viewer hung up; and each error's code. */
  readonly outcomes: ReadonlyMap<string, number>
  end(): Promise<void>
}

/** So many roots, each of which asks for this. */
function roots(count: number, nhsNumbers: readonly string[], selection: string): string {
  const texts = Array.from(
    { length: count },
    (_, n) => `a${n}: patient(nhsNumber: "${nhsNumbers[n % nhsNumbers.length]}", noCache: true) { ...Asked }`,
  )
  return `query Hostile { ${texts.join(' ')} } fragment Asked on Patient { ${selection} }`
}

/** Heavy in each way that a document can be. */
function toRequests(nhsNumbers: readonly string[]): readonly HostileRequest[] {
  const section = (name: string) =>
    `${name}(first: 100) { edges { node { id conflicts { field values { value } } possibleDuplicates } } }`
  const one = 'results(first: 100) { nodes { conflicts { field } } }'
  const whole = ['results', 'encounters', 'documents'].map(section).join(' ')
  const fifty = Array.from({ length: 50 }, (_, n) => nhsNumbers[n % nhsNumbers.length])
  const ofMany = (name: string, selection: string) =>
    `query Hostile($${name}: [NHSNumber!]!) { patients(nhsNumbers: $${name}, noCache: true) { ${selection} } }`
  const send = (query: string, hangsUpMs: number | null = null, variables = {}): HostileRequest => ({
    query,
    variables,
    hangsUpMs,
  })
  return [
    // As much as one operation may cost.
    send(roots(22, nhsNumbers, one)),
    send(roots(8, nhsNumbers, whole)),
    send(
      ofMany('n', 'alerts { nodes { id } } allergies { nodes { conflicts { field } } } problems { nodes { id } }'),
      null,
      { n: fifty },
    ),
    // More than it may.
    send(roots(48, nhsNumbers, whole)),
    send(ofMany('constructor', one), null, { constructor: fifty }),
    // And is not even waited for.
    send(roots(20, nhsNumbers, one), 1),
    send(roots(20, nhsNumbers, one), 20),
    // Documents that nobody has.
    send(
      `query Hostile { ${Array.from({ length: 48 }, (_, n) => `d${n}: document(id: "unknown-${n}") { status }`).join(' ')} }`,
    ),
  ]
}

/** Sends heavy requests, so many at a time, until it is ended. */
export function startHostileViewer({ url, token, nhsNumbers, random, atOnce }: HostileViewerOptions): HostileViewer {
  const requests = toRequests(nhsNumbers)
  const outcomes = new Map<string, number>()
  const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  let isEnding = false
  const send = async ({ query, variables, hangsUpMs }: HostileRequest) => {
    const signal = hangsUpMs === null ? null : AbortSignal.timeout(hangsUpMs)
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables }),
        signal,
      })
      const { errors = [] } = await response.json()
      count(String(response.status))
      for (const { extensions } of errors) count(extensions.code)
    } catch {
      count('0')
    }
  }
  const work = async () => {
    while (!isEnding) await send(requests[Math.floor(random() * requests.length)] as HostileRequest)
  }
  const working = Array.from({ length: atOnce }, work)
  return {
    outcomes,
    async end() {
      isEnding = true
      await Promise.all(working)
    },
  }
}
