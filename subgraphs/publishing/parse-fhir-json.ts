/** A JSON number whose text says more than its value: `5.0`, `1e3`, or more digits than a double holds. */
export class NumberText {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

/**
 * JSON.parse as of ECMAScript 2026, whose reviver is told the source text of a primitive; TypeScript's library does not
 * know it yet.
 */
type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown

/**
 * Parses FHIR JSON (R4, section 2.6.2) without losing the digits of decimals: a number that JavaScript would print
 * otherwise becomes a NumberText. Null where the text is no JSON, or nested too deeply; the parser's own message quotes
 * the text, so it is not passed on.
 */
export function parseFhirJson(text: string): { readonly value: unknown } | null {
  try {
    return {
      value: (JSON.parse as ParseWithSource)(text, (_key, value, { source }) =>
        isLossy(value, source) ? new NumberText(source) : value,
      ),
    }
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof RangeError) return null
    throw cause
  }
}

function isLossy(value: unknown, source: string | undefined): source is string {
  return typeof value === 'number' && source !== undefined && String(value) !== source
}
