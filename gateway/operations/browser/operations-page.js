/// <reference lib="dom" />
/** @import { OperationsFigures } from '../operations-figures.ts' */
/** @import { FiguresView } from './figures-view.js' */
import { element, elementOf } from '../../pages/browser/element.js'
import { createSignIn } from '../../pages/browser/sign-in.js'
import { createFiguresView } from './figures-view.js'
import { toTimeOfDay } from './words.js'

const everyMs = 2000
const place = elementOf('operations')
const trouble = element('p', { role: 'alert', class: 'nhsuk-error-message' })

/** @type {FiguresView | null} */
let view = null
let lastAt = ''
/** Of the session: what a former one still waits for is not shown. */
let session = 0
/** @type {ReturnType<typeof setTimeout> | undefined} */
let next

const signIn = createSignIn(elementOf('sign-in'), {
  scope: 'operations',
  onToken: () => look(++session),
  onLeave() {
    session++
    clearTimeout(next)
    view = null
    place.replaceChildren()
  },
})

/** Nobody looks at a page that is hidden; what it shows is fetched again as soon as it is not. */
document.addEventListener('visibilitychange', () => {
  if (document.hidden || !view) return
  clearTimeout(next)
  look(session)
})

/** @type {(mine: number) => Promise<void>} */
async function look(mine) {
  try {
    const response = await signIn.ask('/ops/figures')
    if (mine !== session) return
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    /** @type {OperationsFigures} */
    const figures = await response.json()
    if (mine !== session) return
    show(figures)
  } catch {
    if (mine !== session) return
    tell(lastAt === '' ? 'The gateway does not answer; it is asked again every two seconds.' : `The gateway does not answer. What is shown here is of ${lastAt}.`)
  }
  if (!document.hidden) next = setTimeout(() => look(mine), everyMs)
}

/** @type {(figures: OperationsFigures) => void} */
function show(figures) {
  if (!view) {
    const figuresPlace = element('div')
    place.replaceChildren(trouble, figuresPlace)
    view = createFiguresView(figuresPlace, figures)
  }
  lastAt = toTimeOfDay(figures.asOfMs)
  tell('')
  view.show(figures)
}

/** Told once, however often it is found. @type {(text: string) => void} */
function tell(text) {
  if (!trouble.isConnected) place.prepend(trouble)
  if (trouble.textContent !== text) trouble.textContent = text
}
