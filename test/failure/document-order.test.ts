import { expect, test } from 'vitest'
import type { Exchange } from '../support/faults/faulty-region.ts'
import { slugs, startFaultySystem } from '../support/faults/faulty-system.ts'
import { item, numberOf, patient, publication } from '../support/store/publications.ts'

test('a document that the regions hold under an old and a new number gets the same answer whichever region replies first', async () => {
  await using faulty = await startFaultySystem()
  const [first, second] = slugs
  const document = (nhsNumber: string) => item('documents', 'shared-letter', { nhsNumber })
  await faulty.system
    .store(first)
    .publish([
      publication({ patients: [patient(301, { supersedes: [numberOf(300)] })], items: [document(numberOf(301))] }),
    ])
  await faulty.system
    .store(second)
    .publish([publication({ patients: [patient(300)], items: [document(numberOf(300))] })])
  const { data } = await faulty.ask(`{ patient(nhsNumber: "${numberOf(301)}") { documents { nodes { id } } } }`)
  const id = data.patient.documents.nodes[0].id

  const answers: unknown[] = []
  for (const late of slugs) {
    const early = slugs.find((slug) => slug !== late) ?? late
    const replied = Promise.withResolvers<void>()
    const answer = async ({ response, storesAnswer }: Exchange) => {
      const body = await storesAnswer()
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    }
    faulty.regions[early].inject(async (exchange) => {
      exchange.response.once('close', () => replied.resolve())
      await answer(exchange)
    }, 1)
    faulty.regions[late].inject(async (exchange) => {
      await replied.promise
      await answer(exchange)
    }, 1)
    const found = await faulty.ask(`{ document(id: "${id}") { status document { id } } }`)
    answers.push(found.data.document)
  }
  expect(answers[1]).toEqual(answers[0])
  expect(answers[0]).toMatchObject({ status: expect.any(String) })
})
