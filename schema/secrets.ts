import { loadFile } from './service/load-file.ts'
import { InvalidSetting } from './service/startup-error.ts'

/** Secrets in force: the first signs, all verify, so that one can follow another without refusing what its predecessor signed. */
export type Secrets = readonly [current: Uint8Array, ...former: Uint8Array[]]

const leastBytes = 32

/** What a file of a secret is to be. */
export const expectedSecretFile = `a file of at least ${leastBytes} random bytes`

/** The secrets of files with commas between their names; throws InvalidSetting. */
export function loadSecrets(files: string): Secrets {
  const [first = '', ...former] = files.split(',')
  return [loadSecret(first), ...former.map(loadSecret)]
}

function loadSecret(file: string): Uint8Array {
  const secret = loadFile(file, expectedSecretFile)
  if (secret.byteLength < leastBytes) throw new InvalidSetting(expectedSecretFile, `${secret.byteLength} in ${file}`)
  return secret
}
