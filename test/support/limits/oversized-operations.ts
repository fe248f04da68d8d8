const times = (count: number, toText: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => toText(index)).join(' ')
const patient = (alias = '', selection = 'presence') => `${alias} patient(nhsNumber: "9990000018") { ${selection} }`

/** Forty fragments, each with the next one twice: a short text of 2 to the 40th fields. */
const bomb = `{ ${patient('', '...F0')} } ${times(40, (n) => `fragment F${n} on Patient { presence ...F${n + 1} ...F${n + 1} }`)} fragment F40 on Patient { presence }`

/** Documents that ask for more than any may, by their danger, each with its refusal. */
export const oversizedOperations: Readonly<Record<string, readonly [text: string, code: string, message: RegExp]>> = {
  'a patient under each of 51 aliases': [
    `{ ${times(51, (n) => patient(`a${n}:`))} }`,
    'TOO_MANY_ALIASES',
    /^Expected at most 50 aliases, found 51\.$/,
  ],
  'one field two thousand times': [`{ ${patient('', 'presence '.repeat(2000))} }`, 'TOO_BROAD', /found 2000/],
  '200 levels': [
    `{ ${patient('', `${'name { '.repeat(199)} full ${'}'.repeat(199)}`)} }`,
    'TOO_DEEP',
    /^Expected at most 16 levels of selections, found 201\.$/,
  ],
  'brackets deeper than a stack': [`{ ${'a { '.repeat(20_000)}`, 'TOO_MANY_TOKENS', /found more/],
  'a value of a thousand lists in each other': [
    `{ patient(nhsNumber: ${'['.repeat(1000)}${']'.repeat(1000)}) { presence } }`,
    'INVALID_NHS_NUMBER',
    /./,
  ],
  '51 fragments': [
    `{ ${patient('', '...F0')} } ${times(51, (n) => `fragment F${n} on Patient { presence }`)}`,
    'TOO_MANY_FRAGMENTS',
    /found 51/,
  ],
  'fragments that double forty times': [bomb, 'TOO_BROAD', /found \d{12,}/],
  'fragments that double in depth': [
    `{ ${patient('', '...F0')} } ${times(12, (n) => `fragment F${n} on Patient { a: completeness { b: regions { region { code } } } ...F${n + 1} ...F${n + 1} }`)} fragment F12 on Patient { presence }`,
    'TOO_BROAD',
    /./,
  ],
  'fragments in a circle': [
    `{ ${patient('', '...A')} } fragment A on Patient { presence ...B } fragment B on Patient { ...A }`,
    'GRAPHQL_VALIDATION_FAILED',
    /within itself/,
  ],
  'a fragment in itself': [
    `{ ${patient('', '...A')} } fragment A on Patient { presence ...A }`,
    'GRAPHQL_VALIDATION_FAILED',
    /within itself/,
  ],
  '51 directives': [
    `{ ${patient('', `presence ${'@skip(if: false) '.repeat(51)}`)} }`,
    'TOO_MANY_DIRECTIVES',
    /found 51/,
  ],
  'unknown directives without number': [
    `{ ${patient('', `presence ${'@x '.repeat(1000)}`)} }`,
    'TOO_MANY_DIRECTIVES',
    /found 1000/,
  ],
  '10,000 tokens': [
    `{ ${patient('', 'presence '.repeat(10_000))} }`,
    'TOO_MANY_TOKENS',
    /^Expected at most 3000 tokens, found more\.$/,
  ],
  'every field of every kind, again and again': [
    `{ ${times(45, (n) => patient(`a${n}:`, `completeness { ...C }`))} } fragment C on Completeness { ${times(2, () => 'regions { ...R }')} } fragment R on RegionAnswer { ${times(30, () => 'region { code }')} }`,
    'TOO_MANY_FIELDS',
    /^Expected at most 2000 fields, found \d{4}\.$/,
  ],
  'too much for its cost': [
    `{ patients(nhsNumbers: [${times(50, () => '"9990000018"')}]) { ${times(3, (n) => `a${n}: results(first: 100) { nodes { sources { region organisation { odsCode name } } components { code { text } } } }`)} } }`,
    'TOO_COSTLY',
    /^Expected at most 200000 estimated cost, found \d{6}\.$/,
  ],
}
