import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { assertionHeader } from '../../schema/assertion.ts'
import { signFeedAssertion } from '../../schema/feed-assertion.ts'
import { loadPrivateKey } from '../../schema/private-key.ts'
import { createServiceProcesses, type ServiceProcesses } from '../support/service-processes.ts'

/**
 * A connection on which half of a request with a body of 20 bytes is sent; resolves when the service has begun to read
 * it.
 */
async function halfSent(url: string, path: string, token: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8')
  const ended = once(socket, 'close')
  let said = ''
  socket.on('data', (text) => {
    said += text
  })
  // Continue is said when the request has arrived.
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 20\r\nexpect: 100-continue\r\n\r\n`,
  )
  await once(socket, 'data')
  socket.write('{"query":')
  return { socket, ended, said: () => said }
}

/** A change feed, opened as a gateway does. */
async function openFeed(system: ServiceProcesses) {
  const region = system.regions.find(({ slug }) => slug === 'lancashire-south-cumbria')
  const assertion = await signFeedAssertion({
    ...(await loadPrivateKey(system.keys.gatewayKey)),
    region: region?.code ?? '',
    expiresAtMs: Date.now() + 60_000,
  })
  const response = await fetch(`${region?.url}/changes`, { headers: { [assertionHeader]: assertion } })
  const reader = response.body?.getReader()
  await reader?.read()
  return reader
}

const readiness = async (url: string) => (await fetch(`${url}/readyz`)).status

test.concurrent('a gateway that is told to stop is not ready at once, answers what it had begun to read, and ends with 0', async () => {
  await using system = await createServiceProcesses()
  const gateway = await system.startGateway({ DRAIN_SECONDS: '1' })
  const url = system.gatewayUrl()
  expect(await readiness(url)).toBe(200)
  const begun = await halfSent(url, '/graphql', await system.token())
  gateway.child.kill('SIGTERM')
  gateway.child.kill('SIGINT')
  while ((await readiness(url)) === 200);
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  begun.socket.write('"{__type" }')
  await begun.ended
  expect(begun.said()).toMatch(/HTTP\/1\.1 [24]00 [\s\S]*connection: close\r\n[\s\S]*"errors"/i)
  expect([await gateway.ended, gateway.err()]).toEqual([0, ''])
})

test.concurrent('a store that is told to stop ends its change feeds in order, answers what it had begun to read, and ends with 0', async () => {
  await using system = await createServiceProcesses()
  const store = await system.startStore('lancashire-south-cumbria')
  const feed = await openFeed(system)
  const begun = await halfSent(
    system.storeUrl('lancashire-south-cumbria'),
    '/fhir',
    await system.token({ scope: 'publish', organisation: 'RXN' }),
  )
  store.child.kill('SIGTERM')
  while (!(await feed?.read())?.done);
  begun.socket.write(' '.repeat(11))
  await begun.ended
  expect(begun.said()).toMatch(/HTTP\/1\.1 4\d\d [\s\S]*connection: close\r\n[\s\S]*OperationOutcome/i)
  expect([await store.ended, store.err()]).toEqual([0, ''])
})

test.concurrent('what does not end in time is cut off, said so, and the exit code is 1', async () => {
  await using system = await createServiceProcesses()
  const gateway = await system.startGateway({ STOP_SECONDS: '1' })
  const begun = await halfSent(system.gatewayUrl(), '/graphql', await system.token())
  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(1)
  expect(gateway.err()).toBe(
    'Stop: expected every request to end within 1 s (STOP_SECONDS), found one that goes on; it is cut off.\n',
  )
  await begun.ended
})
