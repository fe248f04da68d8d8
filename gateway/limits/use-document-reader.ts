import type { DocumentNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { AcceptedDocument, DocumentReader } from './document-reader.ts'
import type { LetIn } from './use-entrance.ts'

/** Lets documents be read by our reader, in place of yoga's parsing, validation and memory of both; refuses what costs too much with its variables, and charges for the rest. */
export function useDocumentReader(read: DocumentReader): Plugin<object, LetIn> {
  const accepted = new WeakMap<DocumentNode, AcceptedDocument>()
  return {
    onParse({ params: { source }, setParsedDocument }) {
      const reading = read(String(source))
      if (reading.status === 'refused') throw new AggregateError(reading.faults)
      accepted.set(reading.document, reading)
      setParsedDocument(reading.document)
    },
    onValidate({ setResult }) {
      // The reader has.
      setResult([])
    },
    onExecute({ args: { document, operationName, variableValues, contextValue }, setResultAndStopExecution }) {
      const { letIn } = contextValue as LetIn
      const excess = accepted.get(document)?.findExcess(operationName, variableValues, (cost) => letIn?.charge(cost))
      if (excess) setResultAndStopExecution({ errors: [excess] })
    },
  }
}
