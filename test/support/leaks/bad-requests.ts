import { assertionHeader } from '../../../schema/assertion.ts'
import { changesPath } from '../../../schema/change-event.ts'
import { nhsNumberSystem, toPatient } from '../publishing/bundle.ts'
import { toLeakBundle } from './leak-bundle.ts'
import type { LeakSecrets } from './leak-secrets.ts'

export interface BadRequest {
  readonly name: string
  readonly at: 'gateway' | 'store'
  readonly path: string
  /** @default POST */
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** Requests that are refused before or instead of GraphQL, each full of secrets. */
export function badRequests(secrets: LeakSecrets): readonly BadRequest[] {
  const { tokens, nhsNumber, mistyped, family, given } = secrets
  const good = { 'content-type': 'application/json', authorization: `Bearer ${tokens.viewer}` }
  const operation = JSON.stringify({
    query: `{ patient(nhsNumber: "${nhsNumber}") { presence } }`,
    variables: { name: family },
  })
  const toGateway = (
    name: string,
    body: string,
    headers: Readonly<Record<string, string>> = good,
    path = '/graphql',
  ) => ({ name, at: 'gateway' as const, path, headers, body })
  const toStore = (name: string, path: string, headers: Readonly<Record<string, string>>, body?: string) => ({
    name,
    at: 'store' as const,
    path,
    headers,
    body,
  })
  const fhir = { 'content-type': 'application/fhir+json', authorization: `Bearer ${tokens.publisher}` }
  const bundle = toLeakBundle(secrets) as { readonly entry: readonly { readonly resource: object }[] }
  const changed = (change: (resource: object) => object) =>
    JSON.stringify({ ...bundle, entry: bundle.entry.map((entry) => ({ ...entry, resource: change(entry.resource) })) })
  const bearer = (token: string) => ({ ...good, authorization: `Bearer ${token}` })
  return [
    toGateway('malformed JSON', `{"query": "{ patient(nhsNumber: \\"${nhsNumber}\\")", "variables": {"n": ${family}`),
    toGateway('no JSON', `${nhsNumber} ${family}`),
    toGateway('a list', `[${operation}]`),
    toGateway('no query', JSON.stringify({ [family]: nhsNumber })),
    toGateway('a query that is a number', `{"query": ${nhsNumber}}`),
    toGateway(
      'an unknown published operation',
      JSON.stringify({ documentId: `sha256:${nhsNumber}`, variables: { family } }),
    ),
    toGateway('a form', `query=${family}&n=${nhsNumber}`, {
      ...good,
      'content-type': 'application/x-www-form-urlencoded',
    }),
    toGateway(
      'too much',
      JSON.stringify({ query: `{ patient(nhsNumber: "${nhsNumber}") { presence } } #${family.repeat(1000)}` }),
      { ...good, 'content-length': '99000000' },
    ),
    toGateway('no token', operation, { 'content-type': 'application/json' }),
    ...(['expired', 'forged', 'nonsense'] as const).map((name) =>
      toGateway(`a token that is ${name}`, operation, bearer(tokens[name])),
    ),
    toGateway('a token in another scheme', operation, { ...good, authorization: `Basic ${tokens.nonsense}` }),
    toGateway('a token twice', operation, { ...good, authorization: `Bearer ${tokens.viewer} ${family}` }),
    toGateway('no such page', operation, good, `/patients/${nhsNumber}/${family}`),
    toGateway('no such content', operation, good, `/content/${nhsNumber}${family}`),
    {
      name: 'content of a made up ticket',
      at: 'gateway',
      path: `/content/${Buffer.from(`${family} ${nhsNumber} `.repeat(4)).toString('base64url')}`,
      method: 'GET',
      headers: good,
    },
    {
      name: 'an operation in the URL',
      at: 'gateway',
      path: `/graphql?query={patient(nhsNumber:"${nhsNumber}"){presence}}&variables={"n":"${family}"}`,
      method: 'GET',
      headers: good,
    },

    toStore('records without an assertion', '/graphql', good, operation),
    toStore(
      'records with a made up assertion',
      '/graphql',
      { ...good, [assertionHeader]: tokens.assertion },
      operation,
    ),
    toStore('records with a forged token', '/graphql', bearer(tokens.forged), operation),
    {
      ...toStore('changes with a made up assertion', changesPath, {
        [assertionHeader]: tokens.assertion,
        'last-event-id': `${nhsNumber} ${family}`,
      }),
      method: 'GET',
    },
    { ...toStore('content without an assertion', `/content/${nhsNumber}`, good), method: 'GET' },
    toStore('publishing without a token', '/fhir', { 'content-type': 'application/fhir+json' }, JSON.stringify(bundle)),
    toStore(
      'publishing with a token to look',
      '/fhir',
      { ...fhir, authorization: `Bearer ${tokens.viewer}` },
      JSON.stringify(bundle),
    ),
    ...(['expired', 'forged', 'nonsense'] as const).map((name) =>
      toStore(
        `publishing with a token that is ${name}`,
        '/fhir',
        { ...fhir, authorization: `Bearer ${tokens[name]}` },
        JSON.stringify(bundle),
      ),
    ),
    toStore('publishing no JSON', '/fhir', fhir, `{"resourceType": "Bundle", "entry": ${family} ${nhsNumber}`),
    toStore(
      'publishing other media',
      '/fhir',
      { ...fhir, 'content-type': `text/plain; name=${family}` },
      JSON.stringify(bundle),
    ),
    toStore(
      'publishing another FHIR version',
      '/fhir',
      { ...fhir, 'content-type': `application/fhir+json; fhirVersion=${nhsNumber}` },
      JSON.stringify(bundle),
    ),
    toStore('publishing too much', '/fhir', { ...fhir, 'content-length': '99000000' }, JSON.stringify(bundle)),
    toStore('publishing no Bundle', '/fhir', fhir, JSON.stringify({ resourceType: family, id: nhsNumber })),
    toStore(
      'publishing under a mistyped number',
      '/fhir',
      fhir,
      JSON.stringify(bundle).replaceAll(nhsNumber, mistyped),
    ),
    toStore(
      'publishing dates that are none',
      '/fhir',
      fhir,
      changed((resource) => ({
        ...resource,
        birthDate: family,
        recordedDate: given,
        onsetDateTime: `${nhsNumber}-${family}`,
      })),
    ),
    toStore(
      'publishing of nobody',
      '/fhir',
      fhir,
      changed((resource) => ({
        ...resource,
        identifier: [{ system: nhsNumberSystem, value: family }],
        subject: { reference: `Patient/${nhsNumber}` },
      })),
    ),
    toStore(
      'publishing of two',
      '/fhir',
      fhir,
      changed((resource) => ({
        ...resource,
        identifier: [nhsNumber, '9990000026'].map((value) => ({ system: nhsNumberSystem, value })),
        subject: toPatient,
      })),
    ),
    toStore(
      'publishing wrong types',
      '/fhir',
      fhir,
      changed((resource) => ({
        ...resource,
        meta: family,
        name: nhsNumber,
        code: family,
        address: { line: family },
        id: { [family]: given },
      })),
    ),
    toStore('no such page', `/patients/${nhsNumber}`, good, operation),
  ]
}

/** Operations that are refused as such, or whose errors could quote what was asked: name, text, variables. */
export function badOperations({
  nhsNumber,
  mistyped,
  family,
  given,
  words,
}: LeakSecrets): readonly (readonly [string, string, Readonly<Record<string, unknown>>?])[] {
  const look =
    'query ($n: NHSNumber!, $a: AccessContext, $b: PartialDateTime) { patient(nhsNumber: $n, access: $a, birthDate: $b) { presence } }'
  const glass = 'mutation ($i: BreakGlassInput!) { breakGlass(input: $i) { status message } }'
  return [
    ['a mistyped number', look, { n: mistyped }],
    ['a number of words', look, { n: `${given} ${family}` }],
    ['an object for a number', look, { n: { [family]: nhsNumber } }],
    ['no number', look, { m: nhsNumber, [family]: given }],
    ['an access context that is a name', look, { n: nhsNumber, a: family }],
    ['a relationship that is a name', look, { n: nhsNumber, a: { relationship: family } }],
    ['an unknown input field', look, { n: nhsNumber, a: { [family]: nhsNumber } }],
    ['a birth date that is a name', look, { n: nhsNumber, b: family }],
    ['a mistyped number in the text', `{ patient(nhsNumber: "${mistyped}") { presence } }`],
    ['a name as an argument', `{ patient(nhsNumber: "${nhsNumber}", access: "${family}") { presence } }`],
    ['a name in an enum', `{ patient(nhsNumber: "${nhsNumber}", access: { relationship: ${family} }) { presence } }`],
    ['a number as a field', `{ patient(nhsNumber: "${nhsNumber}") { nhs_${nhsNumber} } }`],
    ['an unterminated text', `{ patient(nhsNumber: "${nhsNumber}, name: ${family}`],
    ['a name where none belongs', `${family} ${nhsNumber}`],
    ['a name after the end', `{ viewer { id } } "${family}"`],
    ['an operation named by a number', `query Patient_${nhsNumber} { patient(nhsNumber: "${mistyped}") { presence } }`],
    [
      'a cursor that is a name',
      `query ($n: NHSNumber!, $c: String) { patient(nhsNumber: $n, access: { relationship: ATTENDING }) { results(after: $c) { nodes { id } } } }`,
      { n: nhsNumber, c: `${family}${nhsNumber}` },
    ],
    [
      'a justification that is short',
      glass,
      {
        i: {
          nhsNumber,
          region: 'LANCASHIRE_SOUTH_CUMBRIA',
          barrier: 'PERMISSION',
          reason: 'EMERGENCY',
          justification: words.slice(0, 9),
        },
      },
    ],
    [
      'glass that is not broken',
      glass,
      {
        i: {
          nhsNumber,
          region: 'LANCASHIRE_SOUTH_CUMBRIA',
          barrier: family,
          reason: family,
          justification: `${words} ${family}`,
        },
      },
    ],
    ['an officer who is none', 'query ($n: NHSNumber!) { accesses(nhsNumber: $n) { nodes { at } } }', { n: nhsNumber }],
    ['a document that is none', 'query ($i: ID!) { document(id: $i) { id } }', { i: `${family} ${nhsNumber}` }],
  ]
}
