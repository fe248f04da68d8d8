/// <reference lib="dom" />
import { element, elementOf } from '../../pages/browser/element.js'
import { createSignIn } from '../../pages/browser/sign-in.js'
import { printReport } from './print-report.js'
import { reportQuery } from './report-query.js'

/** The first reading of a year's trail takes a while. */
const timeoutMs = 120_000
const reportElement = elementOf('report')
const errorElement = element('p', { role: 'alert', class: 'nhsuk-error-message', id: 'week-error' })
const input = element('input', {
  class: 'nhsuk-input nhsuk-input--width-10',
  id: 'week-name',
  type: 'text',
  autocomplete: 'off',
  'aria-describedby': 'week-hint week-error',
})
const form = element('form', { class: 'nhsuk-form-group utilisation-week', autocomplete: 'off' }, [
  element('label', { class: 'nhsuk-label nhsuk-label--s', for: 'week-name' }, ['Week']),
  element('div', { class: 'nhsuk-hint', id: 'week-hint' }, ['As 2026-W47. Empty: the last one that is over.']),
  errorElement,
  input,
  element('button', { class: 'nhsuk-button nhsuk-button--secondary page-sign-in', type: 'submit' }, ['Show']),
])
/** Identifies the session and the week, so that the page never shows an earlier request's report. */
let latestRequest = 0

const signIn = createSignIn(elementOf('sign-in'), {
  scope: 'reports',
  onToken() {
    elementOf('week').replaceChildren(form)
    loadReport()
  },
  onLeave() {
    latestRequest++
    input.value = ''
    elementOf('week').replaceChildren()
    reportElement.replaceChildren()
    reportElement.removeAttribute('aria-busy')
  },
})

form.addEventListener('submit', (event) => {
  event.preventDefault()
  loadReport()
})

/** @type {() => Promise<void>} */
async function loadReport() {
  const requestNumber = ++latestRequest
  errorElement.textContent = ''
  reportElement.setAttribute('aria-busy', 'true')
  reportElement.replaceChildren(
    element('p', { role: 'status' }, [
      'Reading the stores and the audit trail. The first report after a start may take a minute or two.',
    ]),
  )
  try {
    const response = await signIn.ask(
      '/graphql',
      { query: reportQuery, variables: { week: input.value.trim() || null } },
      { timeMs: timeoutMs },
    )
    const { data, errors } = await response.json()
    if (requestNumber !== latestRequest) return
    if (data?.utilisation) {
      // All that is not this project's own words is escaped in it.
      reportElement.innerHTML = printReport(data.utilisation)
    } else {
      reportElement.replaceChildren()
      errorElement.textContent = errors?.[0]?.message ?? 'The gateway gave no report.'
    }
  } catch {
    if (requestNumber !== latestRequest) return
    reportElement.replaceChildren()
    errorElement.textContent = 'The gateway does not answer. Ask again.'
  } finally {
    if (requestNumber === latestRequest) reportElement.removeAttribute('aria-busy')
  }
}
