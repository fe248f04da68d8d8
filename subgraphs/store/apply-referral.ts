import { ensurePatient } from './apply-patient.ts'
import { isNewer } from './is-newer.ts'
import { type Applied, type PublishingWork, touch } from './publishing-work.ts'
import type { PublishedReferral } from './record-store.ts'
import { toDigest } from './to-digest.ts'

interface Row {
  readonly last_updated: string | null
  readonly digest: string
}

/** Publishes a referral, or its end; a newer version supersedes. */
export function applyReferral(work: PublishingWork, published: PublishedReferral): Applied {
  const { statements } = work
  const { entry, nhsNumber, identifier, resourceId, lastUpdated, active, organisation, authoredOn } = published
  const patient = ensurePatient(work, nhsNumber)
  // Without a business identifier a referral is one patient's own: two sources may use one resource id.
  const identity = toDigest(identifier ? [identifier.system, identifier.value] : [organisation, resourceId, null])
  if (identifier && statements.get('SELECT 1 FROM referral WHERE identity = ? AND patient <> ? AND active = 1', identity, patient)) {
    return { entry, path: 'ServiceRequest.identifier', code: 'conflict', fault: 'This identifier already belongs to a referral of another patient.' }
  }
  const digest = toDigest({ lastUpdated, active, organisation, authoredOn })
  const held = statements.get<Row>('SELECT last_updated, digest FROM referral WHERE identity = ? AND patient = ?', identity, patient)
  if (held?.digest === digest) return 'unchanged'
  if (held && !isNewer({ version: null, lastUpdated }, { version: null, lastUpdated: held.last_updated })) return 'older'
  statements.run(
    `INSERT INTO referral (identity, patient, active, organisation, authored_on, last_updated, digest) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET active = excluded.active, organisation = excluded.organisation, authored_on = excluded.authored_on,
       last_updated = excluded.last_updated, digest = excluded.digest`,
    identity,
    patient,
    active ? 1 : 0,
    organisation,
    authoredOn,
    lastUpdated,
    digest,
  )
  touch(work, patient, 'publish')
  return held ? 'updated' : 'created'
}
