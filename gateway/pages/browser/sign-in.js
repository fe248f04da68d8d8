/// <reference lib="dom" />
import { element } from './element.js'

/**
 * @typedef {object} SignIn
 * @property {(path: string, question?: unknown, options?: { readonly timeMs?: number }) => Promise<Response>} ask
 *   Sends a request with the token, by default with a timeout of 10 seconds; a question is sent by POST, as JSON. A
 *   refusal (401, 403) ends the session.
 * @property {(reason?: string) => void} leave Forgets the token and shows the reason.
 */

/**
 * Shows a form for an access token. The token stays in this page's memory, never in storage, a cookie or a url.
 *
 * @param {HTMLElement} container
 * @param {object} options
 * @param {string} options.scope
 * @param {() => void} options.onToken Called with a token entered, before any request has proved it.
 * @param {() => void} options.onLeave Called when the session ends, to clear what it showed.
 * @returns {SignIn}
 */
export function createSignIn(container, { scope, onToken, onLeave }) {
  /** @type {string | null} */
  let token = null
  const input = element('input', {
    class: 'nhsuk-input page-secret',
    id: 'token',
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-describedby': 'token-hint token-error',
  })
  const error = element('p', { class: 'nhsuk-error-message', id: 'token-error', role: 'alert' })
  const form = element('form', { class: 'nhsuk-form-group', autocomplete: 'off' }, [
    element('label', { class: 'nhsuk-label nhsuk-label--s', for: 'token' }, ['Access token']),
    element('div', { class: 'nhsuk-hint', id: 'token-hint' }, [
      `A token from your identity provider with the scope ${scope}. In the demo: `,
      element('code', {}, [`npm run token -- --scope ${scope}`]),
      '. Only the memory of this page holds it, so it is gone after a reload.',
    ]),
    error,
    input,
    element('button', { class: 'nhsuk-button page-sign-in', type: 'submit' }, ['Sign in']),
  ])
  const button = element('button', { class: 'nhsuk-button nhsuk-button--secondary page-sign-out', type: 'button' }, [
    'Sign out',
  ])

  /** @type {(reason: string) => void} */
  const leave = (reason) => {
    if (token === null) return
    token = null
    error.textContent = reason
    container.replaceChildren(form)
    onLeave()
    input.focus()
  }
  button.addEventListener('click', () => leave(''))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const given = input.value.trim().replace(/^Bearer /i, '')
    input.value = ''
    if (!/^[\w\-.~+/]+=*$/.test(given)) {
      error.textContent = 'Enter an access token: letters, digits and dots, without spaces.'
      input.focus()
      return
    }
    token = given
    error.textContent = ''
    container.replaceChildren(button)
    button.focus()
    onToken()
  })
  container.replaceChildren(form)

  return {
    async ask(path, question, { timeMs = 10_000 } = {}) {
      const sent = question === undefined ? {} : { method: 'POST', body: JSON.stringify(question) }
      const headers = {
        authorization: `Bearer ${token}`,
        ...(question === undefined ? {} : { 'content-type': 'application/json' }),
      }
      const response = await fetch(path, {
        ...sent,
        headers,
        credentials: 'omit',
        cache: 'no-store',
        signal: AbortSignal.timeout(timeMs),
      })
      if (response.status === 401) leave('The gateway does not accept this token: it may have expired.')
      if (response.status === 403) leave(`This token is good, but not for this page: it lacks the scope ${scope}.`)
      return response
    },
    leave: (reason = '') => leave(reason),
  }
}
