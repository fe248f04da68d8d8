import type { DocumentNode, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { TokenHolder } from '../../schema/access-token.ts'
import { insufficientScope } from '../../schema/scopes.ts'
import type { FindMissingScope } from '../../schema/service/field-scopes.ts'
import type { Variables } from './cost-expression.ts'
import type { AcceptedDocument, DocumentReader } from './document-reader.ts'
import type { AdmissionContext, AdmittedOperation } from './operation-gate.ts'
import type { RequestedDocument, TrustedDocuments } from './trusted-documents.ts'

/**
 * The decisions between a request's parameters and an operation that may be executed. Both front doors call them in
 * this order, so that neither admits what the other refuses.
 */
export interface OperationReader {
  /** Returns the requested document's text, or why it is refused; null if the parameters name none. */
  findText(requested: RequestedDocument): string | GraphQLError | null
  /** Parses, measures and validates a text. */
  readonly read: DocumentReader
  /** Returns why this viewer may not execute the operation: a missing scope, or its cost. Charges it otherwise. */
  findRefusal(document: AcceptedDocument, operation: RequestedOperation): GraphQLError | null
}

/** One operation of a document, as a viewer asks for it. */
export interface RequestedOperation {
  readonly operationName: string | null | undefined
  readonly variables: Variables | null | undefined
  readonly holder: TokenHolder
  /** The admitted operation that the cost is charged to. */
  readonly admitted: Pick<AdmittedOperation, 'charge'> | undefined
}

export interface OperationReaderOptions {
  readonly trustedDocuments: TrustedDocuments
  readonly read: DocumentReader
  readonly findMissingScope: FindMissingScope
}

export function createOperationReader({
  trustedDocuments,
  read,
  findMissingScope,
}: OperationReaderOptions): OperationReader {
  return {
    findText: trustedDocuments.findText,
    read,
    findRefusal({ document, checkCost }, { operationName, variables, holder, admitted }) {
      const missing = findMissingScope(document, operationName, holder)
      if (missing !== null) return insufficientScope(missing)
      return checkCost(operationName, variables, (cost) => admitted?.charge(cost))
    },
  }
}

/** Replaces yoga's parsing, validation and their caches by the operation reader. */
export function useOperationReader({
  findText,
  read,
  findRefusal,
}: OperationReader): Plugin<AdmissionContext & { readonly holder: TokenHolder }, AdmissionContext> {
  const accepted = new WeakMap<DocumentNode, AcceptedDocument>()
  return {
    onParams({ params, setParams }) {
      const { documentId, ...others } = params as typeof params & { readonly documentId?: unknown }
      const text = findText({ documentId, query: params.query })
      if (text === null) return
      if (typeof text !== 'string') throw text
      if (text !== params.query) setParams({ ...others, query: text })
    },
    onParse({ params: { source }, setParsedDocument }) {
      const reading = read(String(source))
      if (reading.status === 'refused') throw new AggregateError(reading.faults)
      accepted.set(reading.document, reading)
      setParsedDocument(reading.document)
    },
    onValidate({ setResult }) {
      // The reader has validated the document already.
      setResult([])
    },
    onExecute({ args: { document, operationName, variableValues, contextValue }, setResultAndStopExecution }) {
      const { holder, admittedOperation } = contextValue
      const found = accepted.get(document)
      if (!found) throw new Error('Expected a document that the reader accepted')
      const refusal = findRefusal(found, {
        operationName,
        variables: variableValues,
        holder,
        admitted: admittedOperation,
      })
      if (refusal) setResultAndStopExecution({ errors: [refusal] })
    },
  }
}
