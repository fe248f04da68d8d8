import type { PublishedBy } from './published-by.ts'
import type { Statements } from './statements.ts'

/**
 * Whether a publisher may correct an owner's statements: its own, those of whom it acts for, and as the store's office
 * all.
 */
export function canCorrect({ publisher, actsFor }: PublishedBy, owner: string): boolean {
  return owner === publisher || actsFor === 'all' || actsFor.includes(owner)
}

/**
 * Whether a publisher lifts an owner's flag or label by leaving it out. The store's office does not, because an
 * ordinary import would lift flags that it does not know. To lift one, the office publishes as the owner.
 */
export function canLiftProtection({ publisher, actsFor }: PublishedBy, owner: string): boolean {
  return owner === publisher || (actsFor !== 'all' && actsFor.includes(owner))
}

/**
 * The labels that a statement adds to others of the same identity, and that the office's correction keeps: all but N,
 * normal.
 */
export function toProtectiveLabels(labels: readonly string[]): readonly string[] {
  return labels.filter((label) => label !== 'N')
}

/** Finds the publishers that own anything in a patient's record. */
export function findOwners(statements: Statements, patient: number): readonly string[] {
  return statements.all<{ owner: string }>(selectOwners, patient).map(({ owner }) => owner)
}

const selectOwners = `SELECT publisher AS owner FROM patient_statement WHERE patient = ?1 UNION SELECT owner FROM item WHERE patient = ?1
  UNION SELECT publisher FROM opt_out WHERE patient = ?1 UNION SELECT publisher FROM referral WHERE patient = ?1`
