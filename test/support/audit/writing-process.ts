import { createAuditTrail } from '../../../gateway/audit/audit-trail.ts'
import { accessEvent } from './access-event.ts'
import { secrets } from './trail-folder.ts'

/**
 * Records without end, sixteen requests at a time, and prints the id of each request whose events are on disk: to be
 * killed.
 */
const [folder = '', life = ''] = process.argv.slice(2)
const trail = await createAuditTrail({ folder, writer: 'gateway-1', secrets, rotateBytes: 20_000 })
let requests = 0
const serve = async () => {
  for (;;) {
    const requestId = `${life}-${++requests}`
    await trail.record(
      ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'].map((region) => accessEvent({ requestId, region })),
    )
    process.stdout.write(`${requestId}\n`)
  }
}
await Promise.all(Array.from({ length: 16 }, serve))
