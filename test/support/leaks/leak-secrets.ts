import { readFileSync } from 'node:fs'
import { generateKeyPair } from 'jose'
import { mintToken } from '../../../gateway/demo/mint-token.ts'
import type { ServiceProcesses } from '../service-processes.ts'

/** All that goes in and must not come out: each a word that nothing else has. */
export interface LeakSecrets {
  readonly nhsNumber: string
  readonly mistyped: string
  readonly family: string
  readonly given: string
  readonly street: string
  readonly problem: string
  readonly words: string
  readonly regionSays: string
  readonly tokens: Readonly<Record<'viewer' | 'publisher' | 'expired' | 'forged' | 'nonsense' | 'assertion', string>>
  /** By name, for the search. */
  readonly all: Readonly<Record<string, string>>
}

export async function createLeakSecrets(system: ServiceProcesses): Promise<LeakSecrets> {
  const { privateKey: key } = await generateKeyPair('Ed25519')
  const tokens = {
    viewer: await system.token(),
    publisher: await system.token({
      scope: 'publish',
      organisation: 'RXN',
      person: '555000000017',
      name: 'Publia Sendwright',
    }),
    expired: await system.token({ lifeSeconds: -3600, person: '555000000025', name: 'Oldric Pastwick' }),
    forged: await mintToken({ key, keyId: 'demo-issuer' }, { person: '555000000033', name: 'Forgan Falseby' }),
    nonsense: 'Zacharias.Wrongley-of.Nonsensebury',
    assertion: 'bm8gYXNzZXJ0aW9u.bm8gYXNzZXJ0aW9uIGF0IGFsbA.bm8gc2lnbmF0dXJl',
  }
  const words = {
    nhsNumber: '9990000018',
    mistyped: '9990000019',
    family: 'Quillfeatherstone',
    given: 'Zebediah',
    street: '17 Xylophone Crescent',
    problem: 'Acute wobblehoof',
    words: 'she-was-seen-by-her-neighbour',
    regionSays: 'Mortimer Regionsworth 9990000026',
  }
  const spaced = (number: string, by: string) => number.replace(/^(...)(...)(....)$/, `$1${by}$2${by}$3`)
  const partsOf = (name: string, token: string) =>
    Object.fromEntries(token.split('.').map((part, index) => [`part ${index} of the token ${name}`, part]))
  const privateOf = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as { readonly d: string }).d
  const all = {
    ...words,
    'the number in words of three': spaced(words.nhsNumber, ' '),
    'the number with hyphens': spaced(words.nhsNumber, '-'),
    'what the region says, by its number': '9990000026',
    'the name of who asks': 'Ada Sample',
    'who asks': '555036632103',
    'who publishes': '555000000017',
    "the gateway's key": privateOf(system.keys.gatewayKey),
    "the issuer's key": privateOf(system.keys.issuerKey),
    'the secret': readFileSync(system.keys.secret).toString('base64'),
    'the secret in hex': readFileSync(system.keys.secret).toString('hex'),
    // The first part is the same header for every token, and says nothing.
    ...Object.assign(
      {},
      ...Object.entries(tokens).map(([name, token]) =>
        Object.fromEntries(Object.entries(partsOf(name, token)).slice(1)),
      ),
    ),
  }
  return { ...words, tokens, all }
}
