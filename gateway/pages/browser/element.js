/// <reference lib="dom" />

/**
 * An element with attributes and children; texts are texts, never HTML. An attribute of `null` or `false` is left out, `true` is set without a value.
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
 * The element of this page that has the id. Throws where there is none.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function elementOf(id) {
  const found = document.getElementById(id)
  if (!found) throw new Error(`Expected an element ${id}, found none`)
  return found
}
