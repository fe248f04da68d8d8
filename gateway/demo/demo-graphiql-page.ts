import type { PrivateKey } from '../../schema/private-key.ts'
import type { GraphiQLPageOptions, Office } from '../server/graphiql-page.ts'
import { type DemoTokenOptions, mintToken } from './mint-token.ts'

/** A programme office's user, who reads reports and has no care role. */
export const programmeOffice: DemoTokenOptions = {
  person: '555036632129',
  name: 'Pat Sample',
  role: 'R8008',
  organisation: 'QYG',
  scope: 'reports',
}

/** The person of GraphiQL's example variables, whose accesses the published operations show. */
const clinician = '555036632103'

const tokenHolders: Readonly<Record<'clinician' | Office, DemoTokenOptions>> = {
  clinician: { person: clinician },
  'privacy officer': { person: '555036632111', name: 'Cal Sample', role: 'R5105' },
  'programme office': programmeOffice,
}

/** Creates GraphiQL with tokens of the demo's issuer, and variables about the demo's people. */
export function createDemoGraphiQLPage(issuerKey: PrivateKey): GraphiQLPageOptions {
  return {
    mintToken: (who) => mintToken(issuerKey, tokenHolders[who]),
    exampleVariables: {
      nhsNumber: '9990000018',
      nhsNumbers: ['9990000018', '9990000026'],
      first: 10,
      region: 'CHESHIRE_MERSEYSIDE',
      barrier: 'CONFIDENTIALITY',
      reason: 'EMERGENCY',
      justification: 'Unconscious, brought in by ambulance',
      person: clinician,
      viewer: { role: 'R0260', organisation: 'REM' },
      grant: 'cheshire-merseyside.take-one-of-openReviews',
      office: 'VIEWERS_ORGANISATION',
      outcome: 'JUSTIFIED',
      note: 'In the emergency department that night',
    },
  }
}
