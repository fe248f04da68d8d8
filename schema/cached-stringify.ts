const texts = new WeakMap<object, string>()

/** Returns the JSON of an object that is never changed, computed once in its lifetime. Cache keys are made of it. */
export function cachedStringify(object: object): string {
  const known = texts.get(object)
  if (known !== undefined) return known
  const text = JSON.stringify(object)
  texts.set(object, text)
  return text
}
