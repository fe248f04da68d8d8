/** The fields that the view adds to items and demographics, beside what regions say of them. */
export const addedToItems: ReadonlySet<string> = new Set(['context', 'sources', 'possibleDuplicates', 'conflicts', 'retractedElsewhere', 'locationProtected'])
