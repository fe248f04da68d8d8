import { loadFile } from '../schema/process/load-file.ts'
import { Unfit } from '../schema/process/start-refused.ts'

/** Secrets in force: the first signs, all verify, so that one can follow another without refusing what its predecessor signed. */
export type Secrets = readonly [current: Uint8Array, ...former: Uint8Array[]]

const leastBytes = 32

/** What a file of a secret is to be. */
export const secretFile = `a file of at least ${leastBytes} random bytes`

/** The secrets of files with commas between their names; throws Unfit. */
export function loadSecrets(files: string): Secrets {
  const [first = '', ...former] = files.split(',')
  return [loadSecret(first), ...former.map(loadSecret)]
}

function loadSecret(file: string): Uint8Array {
  const secret = loadFile(file, secretFile)
  if (secret.byteLength < leastBytes) throw new Unfit(secretFile, `${secret.byteLength} in ${file}`)
  return secret
}
