import type { AccessEvent } from '../../../gateway/audit/audit-event.ts'

let requests = 0

/** A consultant's view of a patient in one region, but for what is said. */
export function accessEvent(changes: Partial<AccessEvent> = {}): AccessEvent {
  return {
    kind: 'VIEW',
    requestId: `request-${++requests}`,
    operation: { name: 'PatientView', hash: 'a'.repeat(64) },
    person: { id: '555000000001', name: 'Dr Zoë Ashworth' },
    role: { code: 'R0260', display: 'General Medical Practitioner' },
    organisation: {
      odsCode: 'REM',
      name: 'Liverpool University Hospitals NHS Foundation Trust',
      regions: ['CHESHIRE_MERSEYSIDE'],
    },
    nhsNumber: '9990000018',
    aboutPerson: null,
    documentId: null,
    purpose: 'DIRECT_CARE',
    relationship: 'REFERRED',
    reason: null,
    supervisor: null,
    authority: { kind: 'PERMISSION', id: 'permission-1' },
    change: null,
    changeId: null,
    region: 'CHESHIRE_MERSEYSIDE',
    decision: { code: 'PERMITTED', rules: ['cm-clinicians'], policyVersion: '1' },
    status: 'ANSWERED',
    latencyMs: 12.5,
    answeredFrom: 'REGION',
    items: 7,
    withheld: [],
    alert: false,
    ...changes,
  }
}
