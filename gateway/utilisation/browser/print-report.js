/** @import { ProgrammeFigure, PublishedCount, RegionUtilisation, UtilisationReport, UtilisationTrends } from '../../../schema/generated/patient-view.ts' */
import { escapeHtml } from './escape-html.js'
import { printChart } from './print-chart.js'
import { printCount, printShare } from './print-count.js'
import { printTable } from './print-table.js'

/**
 * The report as HTML, charts and all; the same in the page and in a file. Every text that is not this project's own is
 * escaped.
 *
 * @param {UtilisationReport} report
 * @returns {string}
 */
export function printReport(report) {
  return [
    printHead(report),
    ...report.regions.map((region) => printRegion(region, report)),
    printHistory(report.history),
  ].join('\n')
}

/** @type {(report: UtilisationReport) => string} */
function printHead({
  week,
  from,
  until,
  over,
  complete,
  message,
  trailAsOf,
  looks,
  completeLooks,
  completeShare,
  regions,
}) {
  const days = `${printDay(from)} to ${printDay(new Date(Date.parse(until) - 1).toISOString())}`
  const names = new Map(regions.map(({ region }) => [region.code, region.applicationName]))
  return `<section>
<h2 class="nhsuk-heading-m">Week ${escapeHtml(week)}, ${days}</h2>
${over ? '' : '<p><strong>The week is not over: it has totals of its whole days until yesterday, rounded up to a multiple of 5. All else of it is told when it is over, and the trends end with the week before.</strong></p>'}
<p>${complete ? '' : '<strong>Incomplete.</strong> '}${escapeHtml(message)} Audit trail as of ${printInstant(trailAsOf)}.</p>
<p class="page-note">* fewer than five, or would give away a figure that is${over ? '' : ', or is told when the week is over'}; or before the audit trail, and not known. Documents in all are rounded up to a multiple of 5 in every row but the total. Means are cut off, not rounded.
A document counts once, when the store first holds it. A view is one region's record of a patient shown, in one request.</p>
${printTable(
  'Both regions',
  ['', ...regions.map(({ region }) => region.applicationName)],
  [
    [
      'Documents published in all',
      ...regions.map(({ status, documentsPublished }) =>
        status === 'ANSWERED' ? printCount(documentsPublished) : 'did not answer',
      ),
    ],
    [
      'Documents published in the week',
      ...regions.map(({ status, documentsPublishedThisWeek }) =>
        status === 'ANSWERED' ? printCount(documentsPublishedThisWeek) : 'did not answer',
      ),
    ],
    ['Store as of', ...regions.map(({ asOf }) => (asOf ? printInstant(asOf) : 'did not answer'))],
    ['Asked for', ...regions.map(({ asked }) => printCount(asked))],
    ['Views', ...regions.map(({ views }) => printCount(views))],
    [
      "of these, by other regions' viewers",
      ...regions.map((one) => `${printCount(one.viewsFromElsewhere)} (${printShare(one.shareFromElsewhere)})`),
    ],
    [
      "Views of other regions' records by its viewers",
      ...regions.map((one) => `${printCount(one.viewsElsewhere)} (${printShare(one.shareElsewhere)})`),
    ],
    ['Documents opened', ...regions.map(({ documentsOpened }) => printCount(documentsOpened))],
    ['Glass broken', ...regions.map(({ glassBroken }) => printCount(glassBroken))],
    ['Latency, half within', ...regions.map(({ latencyP50Ms }) => printMs(latencyP50Ms))],
    ['Latency, 19 of 20 within', ...regions.map(({ latencyP95Ms }) => printMs(latencyP95Ms))],
  ],
)}
<p>Patients' records looked at: ${printCount(looks)}; complete: ${printCount(completeLooks)} (${printShare(completeShare)}).</p>
${printTable("Views by the viewer's region", ["Viewer's region", ...regions.map(({ region }) => `of ${region.applicationName}`)], toViewerRows(regions, names))}
</section>`
}

/** @type {(regions: readonly RegionUtilisation[], names: ReadonlyMap<string, string>) => string[][]} */
function toViewerRows(regions, names) {
  const [first] = regions
  return (first?.viewsByRegionOfViewer ?? []).map(({ region }, index) => [
    region === null ? 'None that is configured' : (names.get(region) ?? region),
    ...regions.map((one) => printCount(one.viewsByRegionOfViewer[index]?.views ?? null)),
  ])
}

/** @type {(one: RegionUtilisation, report: UtilisationReport) => string} */
function printRegion(one, { regions }) {
  const { region, viewTrend, documentTrend, viewsByOrganisation, viewsByRole, outcomes } = one
  const name = region.applicationName
  const nameOf = (/** @type {string | null} */ code) =>
    regions.find((other) => other.region.code === code)?.region.applicationName ?? code ?? '–'
  return `<section>
<h2 class="nhsuk-heading-m">${escapeHtml(`${name}, ${region.name}`)}</h2>
${printTrends('Views', name, viewTrend)}
${documentTrend ? printTrends('Documents published', name, documentTrend) : `<p><strong>${escapeHtml(name)} did not answer: its documents are missing here.</strong></p>`}
<div class="page-columns">
${printRows(
  `${name}: views by organisation`,
  ['Organisation', 'Belongs to', 'Views'],
  viewsByOrganisation?.map(({ organisation, region: home, views }) => [
    printOrganisation(organisation),
    nameOf(home),
    printCount(views),
  ]),
)}
${printRows(
  `${name}: views by role`,
  ['Role', 'Views'],
  viewsByRole?.map(({ role, views }) => [role.display ?? String(role.code), printCount(views)]),
)}
${printRows(
  `${name}: what became of what was asked`,
  ['Status', 'Consent', 'Times'],
  outcomes?.map(({ status, decision, count }) => [
    toLabel(status),
    decision === null ? 'undecided' : toLabel(decision),
    printCount(count),
  ]),
)}
</div>
<div class="page-columns">
${printPublished(`${name}: documents by source organisation`, ['organisation'], one.documentsByOrganisation)}
${printPublished(`${name}: documents by type`, ['type'], one.documentsByType)}
</div>
<details class="nhsuk-details"><summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">${escapeHtml(name)}: documents by organisation and type</span></summary>
<div class="nhsuk-details__text">${printPublished(`${name}: documents by organisation and type`, ['organisation', 'type'], one.documentsByOrganisationAndType)}</div></details>
</section>`
}

/** @type {(what: string, name: string, trends: UtilisationTrends) => string} */
function printTrends(what, name, trends) {
  const parts = [
    { trend: trends.weeks, unit: 'week' },
    { trend: trends.months, unit: 'month' },
  ].map(({ trend, unit }) => {
    const known =
      trend.known === trend.periods.length
        ? `${trend.known} ${unit}s`
        : `${trend.known} of ${trend.periods.length} ${unit}s, the others being before the audit trail`
    const sum = `${known}: ${printCount(trend.total)} in all, ${printCount(trend.mean)} a ${unit}`
    const rows = trend.periods.map(({ period, count }) => [period, printCount(count)])
    return `<div class="page-card"><h3 class="nhsuk-heading-s">${escapeHtml(`${what}, ${name}, by ${unit}`)}</h3>
${printChart(`${what}, ${name}, by ${unit}. ${sum}`, trend)}<p>${sum}.</p>
<details class="nhsuk-details"><summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">Figures by ${unit}</span></summary>
<div class="nhsuk-details__text">${printTable(`${what}, ${name}, by ${unit}`, [unit === 'week' ? 'Week' : 'Month', what], rows)}</div></details></div>`
  })
  return `<div class="page-columns">${parts.join('\n')}</div>`
}

/** @type {(caption: string, keys: readonly ('organisation' | 'type')[], counts: readonly PublishedCount[] | null) => string} */
function printPublished(caption, keys, counts) {
  const heads = keys.map((key) => (key === 'organisation' ? 'Source organisation' : 'Type'))
  const toKey = (/** @type {PublishedCount} */ { organisation, type }, /** @type {'organisation' | 'type'} */ key) =>
    key === 'organisation' ? (organisation ? printOrganisation(organisation) : '') : (type?.display ?? type?.code ?? '')
  return printRows(
    caption,
    [...heads, 'In all', 'In the week'],
    counts?.map((one) => [
      ...keys.map((key) => toKey(one, key)),
      printCount(one.published),
      printCount(one.publishedThisWeek),
    ]),
  )
}

/** A table, or that it is not shown. @type {(caption: string, columns: readonly string[], rows: readonly (readonly string[])[] | null | undefined) => string} */
function printRows(caption, columns, rows) {
  return `<div>${rows ? printTable(caption, columns, rows) : `<p>${escapeHtml(caption)}: not shown, for it would tell small figures, or the week is not over, or it is not known.</p>`}</div>`
}

/** @type {(history: readonly ProgrammeFigure[]) => string} */
function printHistory(history) {
  const rows = history.map(({ applicationName, measure, dates, count, mean }) => [
    `${applicationName}, ${measure === 'DOCUMENTS' ? 'documents' : 'views'}`,
    dates,
    printCount(count),
    mean === null ? '–' : printCount(mean),
  ])
  return `<section>
<h2 class="nhsuk-heading-m">As the programme published it</h2>
${printTable('Figures of the programme, as printed', ['', 'Dates', 'Count', 'Mean of a month'], rows)}
<p class="page-note">Of different dates, so never added up, and no part of the figures above. ${escapeHtml([...new Set(history.map(({ source }) => source))].join('; '))}.</p>
</section>`
}

/** @type {(organisation: { readonly odsCode: string | null, readonly name: string | null }) => string} */
function printOrganisation({ odsCode, name }) {
  return name === null ? String(odsCode) : `${name} (${odsCode})`
}

/** @type {(code: string) => string} */
function toLabel(code) {
  return code.toLowerCase().replaceAll('_', ' ')
}

/** @type {(ms: number | null) => string} */
function printMs(ms) {
  return ms === null ? '–' : `${ms} ms`
}

const day = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})
const instant = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  dateStyle: 'medium',
  timeStyle: 'medium',
})

/** @type {(text: string) => string} */
function printDay(text) {
  return day.format(Date.parse(text))
}

/** @type {(text: string) => string} */
function printInstant(text) {
  return instant.format(Date.parse(text))
}
