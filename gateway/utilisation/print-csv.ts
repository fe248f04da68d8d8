import type { PublishedCount, UtilisationReport, UtilisationTrend } from '../../schema/generated/patient-view.ts'
import { toLondonDay } from '../../schema/london-day.ts'
import { parseWeek, toMonth } from '../../schema/reporting-period.ts'

type Cell = string | number | boolean | null

const columns = ['section', 'region', 'item', 'detail', 'period', 'figure', 'as of', 'note'] as const

/**
 * The report as CSV (RFC 4180), a figure a row, with a note where it is rounded, and why where it is empty. The
 * programme's own figures are a section of their own.
 */
export function printCsv(report: UtilisationReport): string {
  const { week, over, trailAsOf, regions, history } = report
  const note = toNotes(report)
  const rows: Cell[][] = [
    ['report', '', 'over', '', week, over, trailAsOf, ''],
    ['report', '', 'complete', report.message, week, report.complete, trailAsOf, ''],
    [
      'report',
      '',
      'rounded',
      `${over ? 'documents in all by organisation and type' : 'totals until yesterday'}: up to, to a multiple of 5`,
      week,
      null,
      '',
      '',
    ],
    ['looks', '', 'all', '', week, report.looks, trailAsOf, note.ofTrail(report.looks, week) || note.rounded],
    ['looks', '', 'complete', '', week, report.completeLooks, trailAsOf, note.ofTrail(report.completeLooks, week)],
  ]
  for (const { region, ...one } of regions) {
    const { code } = region
    const published = (item: string, detail: string, count: number | null, period = week, rounded = note.rounded) =>
      rows.push([
        'documents published',
        code,
        item,
        detail,
        period,
        count,
        one.asOf ?? one.status,
        note.ofStore(count, one.status) || rounded,
      ])
    const used = (section: string, item: string, detail: string, count: number | null, period = week, rounded = '') =>
      rows.push([section, code, item, detail, period, count, trailAsOf, note.ofTrail(count, period) || rounded])
    const publishedBy = (of: string, counts: readonly PublishedCount[] | null) => {
      if (!counts) published(of, '', null)
      for (const { organisation, type, ...count } of counts ?? []) {
        published(organisation?.odsCode ?? 'all', type?.code ?? 'all', count.published, `until ${week}`, upTo)
        published(organisation?.odsCode ?? 'all', type?.code ?? 'all', count.publishedThisWeek)
      }
    }
    published('all', 'all', one.documentsPublished, `until ${week}`)
    published('all', 'all', one.documentsPublishedThisWeek)
    publishedBy('organisations', one.documentsByOrganisation)
    publishedBy('types', one.documentsByType)
    publishedBy('organisations and types', one.documentsByOrganisationAndType)
    used('asked', 'all', '', one.asked)
    if (!one.outcomes) used('asked', 'outcomes', '', null)
    for (const { status, decision, count } of one.outcomes ?? []) used('asked', status, decision ?? 'UNDECIDED', count)
    used('views', 'all', '', one.views, week, note.rounded)
    for (const { region: home, views } of one.viewsByRegionOfViewer)
      used('views', "viewer's region", home ?? 'NONE', views)
    if (!one.viewsByOrganisation) used('views', 'organisations', '', null)
    for (const { organisation, views } of one.viewsByOrganisation ?? [])
      used('views', 'organisation', organisation.odsCode ?? 'NONE', views)
    if (!one.viewsByRole) used('views', 'roles', '', null)
    for (const { role, views } of one.viewsByRole ?? []) used('views', 'role', role.code ?? 'NONE', views)
    used('views', 'from elsewhere', 'share', one.shareFromElsewhere)
    used('views', 'elsewhere', 'all', one.viewsElsewhere)
    used('views', 'elsewhere', 'share', one.shareElsewhere)
    used('documents opened', 'all', '', one.documentsOpened)
    used('glass broken', 'all', '', one.glassBroken)
    used('latency', 'p50', 'ms', one.latencyP50Ms)
    used('latency', 'p95', 'ms', one.latencyP95Ms)
    const trend = (
      add: typeof used,
      section: string,
      unit: string,
      { periods, known, total, mean }: UtilisationTrend,
    ) => {
      for (const { period, count } of periods) add(section, unit, '', count, period)
      add(section, `${known} ${unit}s known`, 'total', total)
      add(section, `${known} ${unit}s known`, 'mean', mean)
    }
    trend(used, 'view trend', 'week', one.viewTrend.weeks)
    trend(used, 'view trend', 'month', one.viewTrend.months)
    const ofStore: typeof used = (section, item, detail, count, period = week) =>
      rows.push([section, code, item, detail, period, count, one.asOf, count === null ? 'suppressed' : ''])
    if (!one.documentTrend) published('trend', '', null)
    if (one.documentTrend) trend(ofStore, 'document trend', 'week', one.documentTrend.weeks)
    if (one.documentTrend) trend(ofStore, 'document trend', 'month', one.documentTrend.months)
  }
  for (const { region, measure, dates, count, mean, source } of history) {
    rows.push(['programme, as printed', region, measure, 'count', dates, count, source, ''])
    if (mean !== null) rows.push(['programme, as printed', region, measure, 'mean', dates, mean, source, ''])
  }
  return [columns, ...rows].map((row) => `${row.map(printCell).join(',')}\r\n`).join('')
}

const upTo = 'up to: rounded up to a multiple of 5'

/** Why a figure is empty, or what is to be known of one that is not. */
function toNotes({ week, over, trailSince }: UtilisationReport) {
  const since = trailSince === null ? null : toLondonDay(Date.parse(trailSince))
  const isBefore = (period: string) => {
    const found = parseWeek(period) ?? toMonth(`${period}-01`)
    // Figures of the reported week hold from its middle on.
    return since === null || (period === week ? found.lastDay : found.firstDay) < since
  }
  return {
    rounded: over ? '' : upTo,
    ofTrail(figure: number | null, period: string) {
      if (figure !== null) return ''
      return isBefore(period)
        ? 'not known: before the audit trail'
        : !over && period === week
          ? 'told when the week is over'
          : 'suppressed, or of fewer than 5'
    },
    ofStore(figure: number | null, status: string) {
      return figure !== null
        ? ''
        : status !== 'ANSWERED'
          ? 'not known: the store did not answer'
          : over
            ? 'suppressed'
            : 'told when the week is over'
    },
  }
}

/**
 * A spreadsheet takes a text that begins like a formula for one, and codes come from tokens and publishers: a quote
 * before it keeps it a text.
 */
function printCell(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell)
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
