import { bundleLimits } from '../bundle-limits.ts'
import { type FaultList, wholeBundle } from '../fault-list.ts'
import { describe } from '../to-faults.ts'
import { findForeignVersion, type RawResource } from './fhir-version.ts'
import { resourceTypes } from './resource-types.ts'

const bundleTypes = ['transaction', 'batch', 'collection', 'document'] as const
export type BundleType = (typeof bundleTypes)[number]

/** One entry with a resource of R4, nothing of it checked but its type. */
export interface RawEntry {
  readonly index: number
  readonly fullUrl: string | null
  readonly resourceType: string
  readonly resource: RawResource
}

export interface BundleContent {
  readonly type: BundleType
  /** How many entries there are, the faulty ones too. */
  readonly size: number
  readonly entries: readonly RawEntry[]
}

/**
 * The entries of an R4 Bundle of a type that is published; null where it is none. What is wrong is added to the faults.
 */
export function readBundle(bundle: unknown, faults: FaultList): BundleContent | null {
  const refuse = (path: string, code: string, fault: string) => {
    faults.add({ entry: wholeBundle, path, code, fault })
    return null
  }
  if (!isObject(bundle) || bundle.resourceType !== 'Bundle')
    return refuse('Bundle', 'structure', `expected a Bundle, found ${describeResource(bundle)}`)
  const entries: unknown = bundle.entry ?? []
  if (!Array.isArray(entries)) return refuse('Bundle.entry', 'structure', `expected array, found ${describe(entries)}`)
  if (entries.length > bundleLimits.entries)
    return refuse(
      'Bundle.entry',
      'too-long',
      `expected at most ${bundleLimits.entries} entries, found ${entries.length}`,
    )
  const resources = entries.flatMap((entry: unknown) =>
    isObject(entry) && isObject(entry.resource) ? [entry.resource] : [],
  )
  const foreign = findForeignVersion(bundle, resources)
  if (foreign)
    return refuse('Bundle', 'not-supported', `expected FHIR R4, found ${foreign.version} (${foreign.evidence})`)
  const type = bundleTypes.find((one) => one === bundle.type)
  if (!type)
    return refuse(
      'Bundle.type',
      bundle.type === undefined ? 'required' : 'not-supported',
      `expected one of ${bundleTypes.join(', ')}, found ${describeOther(bundle.type)}`,
    )
  return {
    type,
    size: entries.length,
    entries: refuseRepeated(
      entries.flatMap((entry, index) => readEntry(entry, index, type, faults) ?? []),
      faults,
    ),
  }
}

/**
 * Conditions on what is held (FHIR R4, http.html#concurrency, #ccreate) that would be overlooked. `ifNoneExist` is not
 * among them: publishers of partial Patients send it, and those change nothing that they do not state.
 */
const unsupported = ['ifMatch', 'ifNoneMatch', 'ifModifiedSince'] as const

/**
 * The resource type in the url of an update, `Patient/1` or `Patient?identifier=1`, absolute or not; undefined where
 * there is none.
 */
function toTargetType(target: unknown): string | undefined {
  const path = typeof target === 'string' ? (target.split(/[?#]/, 1)[0] ?? '') : ''
  return path
    .split('/')
    .slice(-2)
    .find((part) => resourceTypes.has(part))
}

/** What is no resource type at all is a fault of its own. */
function isOtherType(type: unknown, target: string): boolean {
  return typeof type === 'string' && resourceTypes.has(type) && type !== target
}

function readEntry(entry: unknown, index: number, type: BundleType, faults: FaultList): RawEntry | null {
  const refuse = (path: string, code: string, fault: string) => {
    faults.add({ entry: index, path: `Bundle.entry[${index}]${path}`, code, fault })
    return null
  }
  if (!isObject(entry)) return refuse('', 'structure', `expected object, found ${describe(entry)}`)
  if (type === 'transaction' || type === 'batch') {
    const method = isObject(entry.request) ? entry.request.method : undefined
    if (method === 'DELETE')
      return refuse(
        '.request.method',
        'not-supported',
        'expected POST or PUT, found DELETE; to retract, publish the resource as entered-in-error',
      )
    if (method === undefined) return refuse('.request.method', 'required', 'expected POST or PUT, found nothing')
    if (method !== 'POST' && method !== 'PUT')
      return refuse('.request.method', 'not-supported', `expected POST or PUT, found ${describeOther(method)}`)
    const refuseRequest = (element: string, code: string, fault: string) => refuse(`.request.${element}`, code, fault)
    const asked: RawResource = isObject(entry.request) ? entry.request : {}
    const condition = unsupported.find((one) => asked[one] !== undefined)
    if (condition)
      return refuseRequest(condition, 'not-supported', `expected no ${condition}, found ${describe(asked[condition])}`)
    const target = method === 'PUT' ? toTargetType(asked.url) : undefined
    if (target !== undefined && isObject(entry.resource) && isOtherType(entry.resource.resourceType, target))
      return refuseRequest('url', 'invalid', 'expected the type of the resource, found another type')
  }
  const { fullUrl, resource } = entry
  if (fullUrl !== undefined && typeof fullUrl !== 'string')
    return refuse('.fullUrl', 'structure', `expected uri, found ${describe(fullUrl)}`)
  if (fullUrl !== undefined && fullUrl.length > bundleLimits.url)
    return refuse(
      '.fullUrl',
      'too-long',
      `expected a uri of at most ${bundleLimits.url} characters, found ${fullUrl.length}`,
    )
  if (!isObject(resource))
    return refuse(
      '.resource',
      resource === undefined ? 'required' : 'structure',
      `expected a resource, found ${describe(resource)}`,
    )
  const { resourceType } = resource
  if (typeof resourceType !== 'string' || !resourceTypes.has(resourceType)) {
    return refuse(
      '.resource.resourceType',
      'structure',
      `expected a resource type of FHIR R4, found ${describeOther(resourceType)}`,
    )
  }
  return { index, fullUrl: fullUrl ?? null, resourceType, resource }
}

/** FHIR's rule bdl-7: a fullUrl names one entry. */
function refuseRepeated(entries: readonly RawEntry[], faults: FaultList): readonly RawEntry[] {
  const first = new Map<string, number>()
  return entries.filter(({ fullUrl, index }) => {
    if (fullUrl === null) return true
    const earlier = first.get(fullUrl)
    if (earlier === undefined) return first.set(fullUrl, index)
    faults.add({
      entry: index,
      path: `Bundle.entry[${index}].fullUrl`,
      code: 'duplicate',
      fault: `expected a fullUrl of its own, found that of entry ${earlier}`,
    })
    return false
  })
}

/** Of a value that may have the right JSON type but not the right form. */
function describeOther(value: unknown): string {
  return typeof value === 'string' ? 'string of another form' : describe(value)
}

function describeResource(value: unknown): string {
  if (!isObject(value) || typeof value.resourceType !== 'string') return describe(value)
  return resourceTypes.has(value.resourceType)
    ? `a resource of type ${value.resourceType}`
    : 'object without a resource type of FHIR R4'
}

function isObject(value: unknown): value is RawResource {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
