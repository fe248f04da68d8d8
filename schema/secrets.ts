import { loadFile } from './service/load-file.ts'
import { InvalidSetting } from './service/startup-error.ts'

/**
 * Secrets in force: the first signs and all verify, so that rotation does not invalidate what the former one signed.
 */
export type Secrets = readonly [current: Uint8Array, ...former: Uint8Array[]]

const leastBytes = 32

/** What InvalidSetting says was expected of a secret's file. */
export const expectedSecretFile = `a file of at least ${leastBytes} random bytes`

/** Loads the secrets of a comma-separated list of files. Throws InvalidSetting. */
export function loadSecrets(files: string): Secrets {
  const [first = '', ...former] = files.split(',')
  return [loadSecret(first), ...former.map(loadSecret)]
}

function loadSecret(file: string): Uint8Array {
  const secret = loadFile(file, expectedSecretFile)
  if (secret.byteLength < leastBytes) throw new InvalidSetting(expectedSecretFile, `${secret.byteLength} in ${file}`)
  return secret
}
