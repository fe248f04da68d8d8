import type { Concept } from '../vocabulary/concept.ts'
import type { Organisation } from '../vocabulary/organisation.ts'
import { type DocumentKind, hospitalSpecialties, mentalHealth } from './document-kinds.ts'
import { ambulance, paediatrics, places, type Specialist } from './places.ts'
import type { PersonWriting } from './writing.ts'

export interface DocumentAuthor {
  readonly organisation: Organisation
  /** Null where the kind of document does not say. */
  readonly specialty: Concept | null
}

/** By `turn`, a general hospital's specialties come one after another. */
export function chooseAuthor(
  { outline, identity, place, region, random }: PersonWriting,
  kind: DocumentKind,
  turn: number,
): DocumentAuthor {
  const of = (organisation: Organisation, specialty: Concept | null) => ({
    organisation,
    specialty: kind.bySpecialty ? specialty : null,
  })
  if (kind.from === 'practice') return of(identity.practice, null)
  if (kind.from === 'ambulance') return of(ambulance, null)
  if (kind.from === 'mental health') return of(place.mentalHealth, mentalHealth)
  const isChild = outline.age < 16
  const suits = ({ treats }: Specialist) =>
    isChild ? treats === 'children' : treats === undefined || (treats === 'women' && identity.sex === 'female')
  const specialists = places[region].specialists.filter(suits)
  if (specialists.length > 0 && random.chance(0.2)) {
    const { organisation, specialty } = random.pick(specialists)
    return of(organisation, specialty)
  }
  return of(place.acute, isChild ? paediatrics : (hospitalSpecialties[turn % hospitalSpecialties.length] ?? null))
}
