import type { ProgrammeFigure } from '../../schema/generated/patient-view.ts'
import figures from './programme-figures.json' with { type: 'json' }

const { source, documents, views } = figures

/** What the programme published of itself, as printed: history, and no part of any sum. */
export const programmeFigures: readonly ProgrammeFigure[] = [
  ...documents.map(({ region, applicationName, on, count }): ProgrammeFigure => ({ region, applicationName, measure: 'DOCUMENTS', dates: on, count, mean: null, source })),
  ...views.map(
    ({ region, applicationName, from, to, count, mean }): ProgrammeFigure => ({ region, applicationName, measure: 'VIEWS', dates: `${from} to ${to}`, count, mean, source }),
  ),
]
