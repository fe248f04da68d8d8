/** A Bundle as a trust sends it: a patient and documents whose content is inline, some bytes of text each. */
export function toBenchBundle(
  nhsNumber: string,
  { documents, contentBytes }: { readonly documents: number; readonly contentBytes: number },
): unknown {
  const toDocument = (_: unknown, index: number) => {
    const created = new Date(Date.UTC(2026, 0, 1) - index * 86_400_000).toISOString()
    const text = `Letter ${index} of ${nhsNumber}. `.padEnd(contentBytes, 'The patient was seen and is well. ')
    return {
      resourceType: 'DocumentReference',
      masterIdentifier: { system: 'https://trust.example/documents', value: `${nhsNumber}-${index}` },
      status: 'current',
      type: { coding: [{ system: 'http://snomed.info/sct', code: '373942005', display: 'Discharge summary' }] },
      category: [{ coding: [{ system: 'http://snomed.info/sct', code: '823651000000106', display: 'Clinical note' }] }],
      subject: { reference: 'Patient/p1' },
      date: created,
      description: `Letter ${index}`,
      content: [
        {
          attachment: {
            contentType: 'text/plain',
            language: 'en-GB',
            data: Buffer.from(text).toString('base64'),
            size: text.length,
            creation: created,
          },
        },
      ],
    }
  }
  const patient = {
    resourceType: 'Patient',
    id: 'p1',
    identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: nhsNumber }],
    name: [{ family: 'Person', given: ['Example'] }],
    birthDate: '1980-05-01',
  }
  const resources = [patient, ...Array.from({ length: documents }, toDocument)]
  const toEntry = (resource: { readonly resourceType: string }, index: number) => ({
    fullUrl: `urn:uuid:00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    resource,
    request: { method: 'POST', url: resource.resourceType },
  })
  return { resourceType: 'Bundle', type: 'transaction', entry: resources.map(toEntry) }
}
