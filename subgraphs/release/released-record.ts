import type * as Region from '../../schema/generated/region.ts'
import type { ItemSection } from '../../schema/policies/facts.ts'
import type { PatientRow } from '../store/record-store.ts'
import type { ItemReleases } from './item-releases.ts'
import type { SectionLoaders } from './section-loaders.ts'

/** A record that may be shown: the source object of the SDL's type Record. */
export interface ReleasedRecord {
  readonly patient: PatientRow
  readonly items: ItemReleases
  readonly loaders: SectionLoaders
}

/**
 * Answers a section. A section that the viewer may not see is WITHHELD whatever it holds; where that must not be
 * disclosed, it looks like an unknown patient's.
 */
export function toSectionAnswer(
  { items }: ReleasedRecord,
  section: ItemSection,
  { isRecorded, withheld: isItemWithheld }: { readonly isRecorded: boolean; readonly withheld: boolean },
): { readonly answer: Region.SectionAnswerCode; readonly withheld: boolean } {
  const ordinary = items.sectionOutcome(section)
  const withheld = isItemWithheld || ordinary === 'withheld'
  if (isRecorded) return { answer: 'RECORDED', withheld }
  if (ordinary === 'hidden') return { answer: 'NOT_KNOWN', withheld: false }
  return { answer: withheld ? 'WITHHELD' : 'NONE_RECORDED', withheld }
}
