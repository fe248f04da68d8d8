import type { DocumentNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { AcceptedDocument, DocumentReader } from './document-reader.ts'

/** Lets documents be read by our reader, in place of yoga's parsing, validation and memory of both, and refuses what costs too much with its variables. */
export function useDocumentReader(read: DocumentReader): Plugin {
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
    onExecute({ args: { document, operationName, variableValues }, setResultAndStopExecution }) {
      const excess = accepted.get(document)?.findExcess(operationName, variableValues)
      if (excess) setResultAndStopExecution({ errors: [excess] })
    },
  }
}
