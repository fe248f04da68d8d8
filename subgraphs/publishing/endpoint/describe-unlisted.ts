import type { Publishers } from '../../../schema/publishers.ts'

/** Why an organisation may not publish: which it is, in which regions it is listed, and where publishers are listed. */
export function describeUnlisted(odsCode: string, publishers: Pick<Publishers, 'office' | 'regionsOf'>): string {
  const listed = publishers.regionsOf(odsCode)
  const elsewhere = listed.length === 0 ? 'It is listed in no region.' : `It is listed in ${listed.join(', ')} only.`
  const { odsCode: office, name } = publishers.office
  return `expected an organisation that is listed to publish in this region, found ${odsCode}, which is not. ${elsewhere} ${name} (${office}) keeps the list of publishers (publishers.json).`
}
