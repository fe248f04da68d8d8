/** A text that services said, and where. */
export interface ServiceOutput {
  readonly where: string
  readonly text: string
}

/**
 * Which secrets are in which texts, in any of the forms in which a program might write them: as `where: name`, never
 * the secret.
 */
export function findLeakedSecrets(
  said: readonly ServiceOutput[],
  secrets: Readonly<Record<string, string>>,
): readonly string[] {
  return said.flatMap(({ where, text }) => {
    const plain = text.toLowerCase()
    return Object.entries(secrets).flatMap(([name, secret]) =>
      formsOf(secret).some((form) => plain.includes(form.toLowerCase())) ? [`${where}: ${name}`] : [],
    )
  })
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [
    ...piecesOf(secret),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    ...base64Forms(bytes, 'base64'),
    ...base64Forms(bytes, 'base64url'),
  ]
}

// A parser quotes ten characters of what it cannot read.
const pieceLength = 8

/** Every piece that is enough to know a secret by. */
function piecesOf(secret: string): readonly string[] {
  return Array.from({ length: Math.max(1, secret.length - pieceLength + 1) }, (_, start) =>
    secret.slice(start, start + pieceLength),
  )
}

/** Base64 of bytes that begin at any place of a longer text; without the ends, which depend on their neighbours. */
function base64Forms(bytes: Buffer, encoding: 'base64' | 'base64url'): readonly string[] {
  return [0, 1, 2]
    .map((shift) =>
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString(encoding)
        .replace(/=+$/, '')
        .slice(shift === 0 ? 0 : shift + 1, -2),
    )
    .filter((form) => form.length >= 8)
}
