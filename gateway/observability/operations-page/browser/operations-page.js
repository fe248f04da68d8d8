/// <reference lib="dom" />
/** @import { OperationsFigures } from '../operations-figures.ts' */
/** @import { FiguresView } from './figures-view.js' */
import { element, elementOf } from '../../../pages/browser/element.js'
import { createSignIn } from '../../../pages/browser/sign-in.js'
import { createFiguresView } from './figures-view.js'
import { toTimeOfDay } from './format.js'

const pollIntervalMs = 2000
const figuresElement = elementOf('operations')
const trouble = element('p', { role: 'alert', class: 'nhsuk-error-message' })

/** @type {FiguresView | null} */
let view = null
let lastAt = ''
/** Of the session: what a former one still waits for is not shown. */
let session = 0
/** @type {ReturnType<typeof setTimeout> | undefined} */
let nextPoll

const signIn = createSignIn(elementOf('sign-in'), {
  scope: 'operations',
  onToken: () => pollFigures(++session),
  onLeave() {
    session++
    clearTimeout(nextPoll)
    view = null
    figuresElement.replaceChildren()
  },
})

/** A hidden page does not fetch; it fetches its figures again as soon as it is visible. */
document.addEventListener('visibilitychange', () => {
  if (document.hidden || !view) return
  clearTimeout(nextPoll)
  pollFigures(session)
})

/** @type {(mine: number) => Promise<void>} */
async function pollFigures(startedSession) {
  try {
    const response = await signIn.ask('/ops/figures')
    if (startedSession !== session) return
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    /** @type {OperationsFigures} */
    const figures = await response.json()
    if (startedSession !== session) return
    show(figures)
  } catch {
    if (startedSession !== session) return
    showTrouble(
      lastAt === ''
        ? 'The gateway does not answer; it is asked again every two seconds.'
        : `The gateway does not answer. What is shown here is of ${lastAt}.`,
    )
  }
  if (!document.hidden) nextPoll = setTimeout(() => pollFigures(startedSession), pollIntervalMs)
}

/** @type {(figures: OperationsFigures) => void} */
function show(figures) {
  if (!view) {
    const figuresPlace = element('div')
    figuresElement.replaceChildren(trouble, figuresPlace)
    view = createFiguresView(figuresPlace, figures)
  }
  lastAt = toTimeOfDay(figures.asOfMs)
  showTrouble('')
  view.show(figures)
}

/** Told once, however often it is found. @type {(text: string) => void} */
function showTrouble(text) {
  if (!trouble.isConnected) figuresElement.prepend(trouble)
  if (trouble.textContent !== text) trouble.textContent = text
}
