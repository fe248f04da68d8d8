import type { PublishedCount, UtilisationReport, UtilisationTrend } from '../../schema/generated/patient-view.ts'

type Cell = string | number | boolean | null

const columns = ['section', 'region', 'item', 'detail', 'period', 'figure', 'as of'] as const

/** The report as CSV (RFC 4180), a figure a row; one that is suppressed is empty. The programme's own figures are a section of their own. */
export function printCsv(report: UtilisationReport): string {
  const { week, trailAsOf, regions, history } = report
  const rows: Cell[][] = [
    ['report', '', 'over', '', week, report.over, trailAsOf],
    ['report', '', 'complete', report.message, week, report.complete, trailAsOf],
    ['looks', '', 'all', '', week, report.looks, trailAsOf],
    ['looks', '', 'complete', '', week, report.completeLooks, trailAsOf],
  ]
  for (const { region, ...one } of regions) {
    const { code } = region
    const published = (item: string, detail: string, count: number | null, period = week) =>
      rows.push(['documents published', code, item, detail, period, count, one.asOf ?? one.status])
    const used = (section: string, item: string, detail: string, count: number | null, period = week) => rows.push([section, code, item, detail, period, count, trailAsOf])
    const publishedBy = (counts: readonly PublishedCount[] | null) => {
      for (const { organisation, type, ...count } of counts ?? []) {
        published(organisation?.odsCode ?? 'all', type?.code ?? 'all', count.published, `until ${week}`)
        published(organisation?.odsCode ?? 'all', type?.code ?? 'all', count.publishedThisWeek)
      }
    }
    published('all', 'all', one.documentsPublished, `until ${week}`)
    published('all', 'all', one.documentsPublishedThisWeek)
    publishedBy(one.documentsByOrganisation)
    publishedBy(one.documentsByType)
    publishedBy(one.documentsByOrganisationAndType)
    used('asked', 'all', '', one.asked)
    for (const { status, decision, count } of one.outcomes ?? []) used('asked', status, decision ?? 'UNDECIDED', count)
    used('views', 'all', '', one.views)
    for (const { region: home, views } of one.viewsByRegionOfViewer) used('views', "viewer's region", home ?? 'NONE', views)
    for (const { organisation, views } of one.viewsByOrganisation ?? []) used('views', 'organisation', organisation.odsCode ?? 'NONE', views)
    for (const { role, views } of one.viewsByRole ?? []) used('views', 'role', role.code ?? 'NONE', views)
    used('views', 'from elsewhere', 'share', one.shareFromElsewhere)
    used('views', 'elsewhere', 'all', one.viewsElsewhere)
    used('views', 'elsewhere', 'share', one.shareElsewhere)
    used('documents opened', 'all', '', one.documentsOpened)
    used('glass broken', 'all', '', one.glassBroken)
    used('latency', 'p50', 'ms', one.latencyP50Ms)
    used('latency', 'p95', 'ms', one.latencyP95Ms)
    const trend = (add: typeof used, section: string, unit: string, { periods, known, total, mean }: UtilisationTrend) => {
      for (const { period, count } of periods) add(section, unit, '', count, period)
      add(section, `${known} ${unit}s known`, 'total', total)
      add(section, `${known} ${unit}s known`, 'mean', mean)
    }
    trend(used, 'view trend', 'week', one.viewTrend.weeks)
    trend(used, 'view trend', 'month', one.viewTrend.months)
    const ofStore: typeof used = (section, item, detail, count, period = week) => rows.push([section, code, item, detail, period, count, one.asOf])
    if (one.documentTrend) trend(ofStore, 'document trend', 'week', one.documentTrend.weeks)
    if (one.documentTrend) trend(ofStore, 'document trend', 'month', one.documentTrend.months)
  }
  for (const { region, measure, dates, count, mean, source } of history) {
    rows.push(['programme, as printed', region, measure, 'count', dates, count, source])
    if (mean !== null) rows.push(['programme, as printed', region, measure, 'mean', dates, mean, source])
  }
  return [columns, ...rows].map((row) => `${row.map(printCell).join(',')}\r\n`).join('')
}

/** A spreadsheet takes a text that begins like a formula for one, and codes come from tokens and publishers: a quote before it keeps it a text. */
function printCell(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell)
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
