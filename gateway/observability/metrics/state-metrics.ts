import { Gauge, type Registry } from 'prom-client'

/** The gateway's state, read at each scrape; regions by RegionCode. */
export interface ObservedState {
  readonly regions: readonly string[]
  /** Whether all of the region's changes are known here. */
  readonly isCurrent: (region: string) => boolean
  /** Milliseconds since its change feed last received anything; null before the first time. */
  readonly silentForMs: (region: string) => number | null
  readonly isSuspended: (region: string) => boolean
  /**
   * When the agreement ends under which viewers of other regions may ask, in milliseconds since 1970; null: no end is
   * known.
   */
  readonly agreementEndMs: (region: string) => number | null
  readonly requests: { readonly inFlight: number }
  /** The sizes of the reply cache, by region. */
  readonly cacheSizes: () => ReadonlyMap<string, { readonly bytes: number; readonly patients: number }>
  /** Whole answers. */
  readonly answerBytes: () => number
  readonly isAuditOpen: () => boolean
  /** The sequence of the trail's last event. */
  readonly auditSequence: () => number
}

/** Gauges of how the gateway stands. */
export function createStateMetrics(registry: Registry, states: ObservedState): void {
  const registers = [registry]
  const gauge = (name: string, help: string, look: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(look())
      },
    })
  const gaugeOfRegions = (name: string, help: string, look: (region: string) => number | null) =>
    new Gauge({
      name,
      help,
      labelNames: ['region'],
      registers,
      collect() {
        this.reset()
        for (const region of states.regions) {
          const value = look(region)
          if (value !== null) this.set({ region }, value)
        }
      },
    })
  const sumOfCache = (what: 'bytes' | 'patients') =>
    [...states.cacheSizes().values()].reduce((sum, size) => sum + size[what], 0)

  gauge('gateway_requests_in_flight', 'GraphQL requests that are being answered.', () => states.requests.inFlight)
  gauge(
    'gateway_cache_bytes',
    'Memory that is reckoned for kept replies and whole answers.',
    () => sumOfCache('bytes') + states.answerBytes(),
  )
  gauge('gateway_cache_entries', 'Patients of whom replies are kept, by region and added up.', () =>
    sumOfCache('patients'),
  )
  gauge('gateway_audit_open', 'Whether the audit trail takes events; if not, nothing is shown until a restart.', () =>
    Number(states.isAuditOpen()),
  )
  gauge(
    'gateway_audit_head_sequence',
    "The sequence of the last event of this gateway's trail: it never goes back.",
    states.auditSequence,
  )
  gaugeOfRegions(
    'gateway_feed_current',
    'Whether all that the region had committed three seconds ago is known here.',
    (region) => Number(states.isCurrent(region)),
  )
  gaugeOfRegions(
    'gateway_feed_silence_seconds',
    "Since the region's change feed was heard last; absent before the first time.",
    (region) => toSeconds(states.silentForMs(region)),
  )
  gaugeOfRegions(
    'gateway_region_suspended',
    'Whether the region is not called, for it failed again and again or asked for it.',
    (region) => Number(states.isSuspended(region)),
  )
  gaugeOfRegions(
    'gateway_agreement_ends_timestamp_seconds',
    "When the agreement ends under which other regions' viewers may ask the region; absent where none ends.",
    (region) => toSeconds(states.agreementEndMs(region)),
  )
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000
}
