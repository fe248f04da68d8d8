import { parseArgs } from 'node:util'
import { ensureDemoKeys, loadPrivateKey } from './demo-keys.ts'
import { mintToken } from './mint-token.ts'

/** `npm run token`: prints a demo token, for the demo's gateway and stores of this data directory. */
const { values } = parseArgs({
  options: {
    role: { type: 'string' },
    organisation: { type: 'string' },
    person: { type: 'string' },
    name: { type: 'string' },
    purpose: { type: 'string' },
    scope: { type: 'string' },
  },
})
if (process.env.NODE_ENV === 'production') {
  process.stderr.write('NODE_ENV: expected not production, for demo tokens do not exist there.\n')
  process.exit(1)
}
const { issuerKey } = await ensureDemoKeys(process.env.DATA_DIR ?? '.data')
process.stdout.write(`${await mintToken(await loadPrivateKey(issuerKey), values)}\n`)
