import { z } from 'zod'
import type { RegionConfiguration } from './regions.ts'
import { loadJson } from './service/load-file.ts'
import { InvalidSetting } from './service/startup-error.ts'

const odsCode = z.string().regex(/^[A-Z0-9]{3,10}$/, 'expected an ODS code in capitals')
const everybody = '*'

const publisher = z.strictObject({
  odsCode,
  name: z.string().min(1),
  /**
   * The others whose statements this organisation also corrects: a supplier's practices, a predecessor; `*` is
   * everybody, for the region's office.
   */
  actsFor: z
    .array(z.strictObject({ organisation: z.union([odsCode, z.literal(everybody)]), reason: z.string().min(1) }))
    .default([]),
})

/** The organisations that publish in each region, by RegionCode. */
const list = z.record(z.string(), z.array(publisher).min(1))
export type PublisherList = Readonly<z.infer<typeof list>>

/** An organisation that publishes in a region. */
export interface Publisher {
  readonly odsCode: string
  readonly name: string
  /** ODS codes of the others whose statements it corrects; `all` for the region's office. */
  readonly actsFor: 'all' | readonly string[]
}

/** The publishers of one region. */
export interface Publishers {
  /** Finds a listed publisher. Null means that the organisation does not publish in the region. */
  find(odsCode: string): Publisher | null
  /** The region's own organisation, which runs the store. */
  readonly office: Publisher
  /** Codes of the regions that list an organisation. */
  findRegions(odsCode: string): readonly string[]
}

const expected = 'a list of publishers, as schema/publishers.json'

type Region = Pick<RegionConfiguration, 'code' | 'name' | 'organisation'>

/** Loads a region's publishers from a JSON file. Throws InvalidSetting as loadPublisherList and toPublishers do. */
export function loadPublishers(region: Region, file: URL | string = defaultFile): Publishers {
  return toPublishers(loadPublisherList(file), region, file)
}

/**
 * Selects a region's publishers. Throws InvalidSetting unless the list has the region, and its own organisation alone
 * acts for all.
 */
export function toPublishers(
  regions: PublisherList,
  { code, name, organisation }: Region,
  file: URL | string = defaultFile,
): Publishers {
  const own = regions[code]
  if (!own)
    throw new InvalidSetting(
      `${expected}, with the region ${code}`,
      `${Object.keys(regions).join(', ') || 'no region'} in ${String(file)}`,
    )
  const byCode = new Map(own.map((one) => [one.odsCode, toPublisher(one)]))
  const office = byCode.get(organisation.odsCode)
  if (office?.actsFor !== 'all') {
    const wanted = `${expected}, with ${organisation.odsCode}, the office of ${name}, acting for "${everybody}"`
    throw new InvalidSetting(
      wanted,
      `${organisation.odsCode} ${office ? 'without that' : 'not listed'} in ${String(file)}`,
    )
  }
  const other = own.find((one) => byCode.get(one.odsCode)?.actsFor === 'all' && one.odsCode !== office.odsCode)
  if (other)
    throw new InvalidSetting(
      `${expected}, with nobody but ${office.odsCode} acting for "${everybody}" in ${code}`,
      `${other.odsCode} in ${String(file)}`,
    )
  return {
    find: (odsCode) => byCode.get(odsCode) ?? null,
    office,
    findRegions: (odsCode) =>
      Object.keys(regions).filter((region) => regions[region]?.some((one) => one.odsCode === odsCode)),
  }
}

const defaultFile = new URL('publishers.json', import.meta.url)

/**
 * Loads all regions' publishers. Throws InvalidSetting if the file is no such list, or lists an organisation twice in a
 * region.
 */
export function loadPublisherList(file: URL | string = defaultFile): PublisherList {
  const result = list.safeParse(loadJson(file, expected))
  if (!result.success) throw new InvalidSetting(expected, `${z.prettifyError(result.error)} in ${String(file)}`)
  for (const [region, listed] of Object.entries(result.data)) {
    const codes = listed.map((one) => one.odsCode)
    const twice = codes.find((one, index) => codes.indexOf(one) < index)
    if (twice !== undefined)
      throw new InvalidSetting(
        `${expected}, each organisation once in a region`,
        `${twice} twice in ${region} in ${String(file)}`,
      )
  }
  return result.data
}

function toPublisher({ odsCode, name, actsFor }: z.infer<typeof publisher>): Publisher {
  const others = actsFor.map(({ organisation }) => organisation)
  return Object.freeze({ odsCode, name, actsFor: others.includes(everybody) ? 'all' : Object.freeze(others) })
}
