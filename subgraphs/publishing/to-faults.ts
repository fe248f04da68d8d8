import type { z } from 'zod'
import type { PublicationFault } from '../store/record-store.ts'
import { NumberText } from './parse-fhir-json.ts'

/**
 * The faults of one entry, from what its schema found. They say what was expected and which type was found, never the
 * value.
 */
export function toFaults(
  entry: number,
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  prefix = '',
): readonly PublicationFault[] {
  return issues.map((issue) => {
    const found = describe(valueAt(input, issue.path))
    const ofAnotherForm = issue.code === 'custom' || issue.code === 'invalid_format' || issue.code === 'invalid_value'
    return {
      entry,
      path: prefix + toFhirPath(issue.path),
      code: found === 'nothing' ? 'required' : ofAnotherForm ? 'value' : 'structure',
      fault: `expected ${issue.message}, found ${found}${ofAnotherForm && found !== 'nothing' ? ' of another form' : ''}`,
    }
  })
}

/** What kind of JSON a value is, for a fault's text. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (value instanceof NumberText) return 'number'
  return Array.isArray(value) ? 'array' : typeof value
}

/** As `category[0].coding`. */
function toFhirPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  )
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  )
}

/**
 * Where a fault is, as a FHIRPath from the Bundle: `Bundle.entry[17].resource.clinicalStatus`. A path that begins at
 * the Bundle is kept.
 */
export function toExpression({ entry, path }: Pick<PublicationFault, 'entry' | 'path'>): string {
  if (/^Bundle\b/.test(path)) return path
  if (entry < 0) return 'Bundle'
  // FHIRPath may begin with the resource's type; inside a Bundle the entry stands for it.
  const element = path.replace(/^[A-Z][A-Za-z]*(\.|$)/, '')
  return `Bundle.entry[${entry}].resource${element === '' ? '' : `.${element}`}`
}
