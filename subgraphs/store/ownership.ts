import type { PublishedBy } from './published-by.ts'
import type { Statements } from './statements.ts'

/** Whether a publisher corrects, retracts and replaces what an owner published: its own, that of whom it acts for, and as the store's office all. */
export function canCorrect({ publisher, actsFor }: PublishedBy, owner: string): boolean {
  return owner === publisher || actsFor === 'all' || actsFor.includes(owner)
}

/**
 * Whether what a publisher leaves unsaid lifts what protects an owner's statement: a flag, a label. The store's office is not among them,
 * because an ordinary import of all sorts of resources would lift flags that it knows nothing of; it publishes as the owner to lift one.
 */
export function canLiftProtection({ publisher, actsFor }: PublishedBy, owner: string): boolean {
  return owner === publisher || (actsFor !== 'all' && actsFor.includes(owner))
}

/** The labels that a statement puts on others' statements of the same identity, and keeps when the store's office corrects it: all but N, normal. */
export function toProtectiveLabels(labels: readonly string[]): readonly string[] {
  return labels.filter((label) => label !== 'N')
}

/** The publishers that anything is held of in a patient's record. */
export function findOwners(statements: Statements, patient: number): readonly string[] {
  return statements.all<{ owner: string }>(selectOwners, patient).map(({ owner }) => owner)
}

const selectOwners = `SELECT publisher AS owner FROM patient_statement WHERE patient = ?1 UNION SELECT owner FROM item WHERE patient = ?1
  UNION SELECT publisher FROM opt_out WHERE patient = ?1 UNION SELECT publisher FROM referral WHERE patient = ?1`
