import type * as Region from '../../../schema/generated/region.ts'
import type { Coding } from './concept.ts'

/** v3-ActCode sensitivities that are kinds of one that the release rules name. */
const kinds: Readonly<Record<string, string>> = { ETHUD: 'SUD', OPIOIDUD: 'SUD', MH: 'PSY', PSYTHPN: 'PSY' }
/** v3-ActCode: no disclosure without consent; no authorisation. Such content never leaves its source. */
const sealing = new Set(['NODSCLCD', 'NOAUTH'])

/**
 * The confidentiality (v3-Confidentiality N, R, V) and sensitivity (v3-ActCode) labels of security codings, sorted and
 * each once; SEALED for what must never leave its source. A coding without a system is read as if it had the right one:
 * that protects.
 */
export function toLabels(...security: readonly (readonly Coding[] | undefined)[]): readonly string[] {
  const labels = new Set<string>()
  for (const { system = '', code = '' } of security.flatMap((codings) => codings ?? [])) {
    if (/^[NRV]$/.test(code) && (system === '' || /v3[-/]Confidentiality$/.test(system))) labels.add(code)
    if (!/^[A-Z]{2,}$/.test(code) || !(system === '' || /v3[-/]ActCode$/.test(system))) continue
    labels.add(sealing.has(code) ? 'SEALED' : code)
    const kind = kinds[code]
    if (kind !== undefined) labels.add(kind)
  }
  return [...labels].sort()
}

/** The confidentiality that labels say; NORMAL where they say none. */
export function toConfidentiality(labels: readonly string[]): Region.Confidentiality {
  return labels.includes('V') ? 'VERY_RESTRICTED' : labels.includes('R') ? 'RESTRICTED' : 'NORMAL'
}
