const texts = new WeakMap<object, string>()

/** The JSON of an object that is never changed, made once for as long as it lives: keys of what is remembered are made of it. */
export function cachedStringify(object: object): string {
  const known = texts.get(object)
  if (known !== undefined) return known
  const text = JSON.stringify(object)
  texts.set(object, text)
  return text
}
