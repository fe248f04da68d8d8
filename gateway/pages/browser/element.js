/// <reference lib="dom" />

/**
 * Creates an element. Strings become text, never HTML. Attributes of `null` or `false` are left out; `true` sets an
 * empty value.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Readonly<Record<string, string | number | boolean | null>>} [attributes]
 * @param {readonly (Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, children = []) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(key, value === true ? '' : String(value))
  }
  made.append(...children)
  return made
}

/**
 * Returns the element with this id. Throws if there is none.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function elementOf(id) {
  const found = document.getElementById(id)
  if (!found) throw new Error(`Expected an element ${id}, found none`)
  return found
}
