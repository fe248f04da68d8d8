import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AuditTrail, type AuditTrailOptions, createAuditTrail } from '../../../gateway/audit/audit-trail.ts'
import { type OpenAuditTrailOptions, openAuditTrail } from '../../../gateway/audit/open-audit-trail.ts'
import { listTrailFiles } from '../../../gateway/audit/trail-files.ts'
import type { ChainReport } from '../../../gateway/audit/verify-chain.ts'
import { verifyTrail } from '../../../gateway/audit/verify-trail.ts'
import type { Secrets } from '../../../schema/secrets.ts'

export const secrets: Secrets = [new Uint8Array(32).fill(9)]

/** A trail in a folder of its own, for one test. */
export interface TrailFolder extends Disposable {
  readonly folder: string
  open(options?: Partial<AuditTrailOptions>): Promise<AuditTrail>
  /** Opens it as a gateway does: registered, once all of the trail is as it should be. */
  openRegistered(options?: Partial<OpenAuditTrailOptions>): Promise<AuditTrail>
  /** What verifying finds of a writer. */
  verify(writer?: string): Promise<ChainReport>
  /** The writer's files, oldest first. */
  files(writer?: string): Promise<readonly string[]>
  /** Every line of the writer's chain, in order. */
  lines(writer?: string): Promise<readonly string[]>
  /** Puts other text in place of a file's. */
  rewrite(file: string, change: (text: string) => string): Promise<void>
}

export function createTrailFolder(): TrailFolder {
  const folder = mkdtempSync(join(tmpdir(), 'share2care-audit-'))
  const files = async (writer = 'gateway-1') => (await listTrailFiles(folder, writer)).map(({ path }) => path)
  return {
    folder,
    open: (options) => createAuditTrail({ folder, writer: 'gateway-1', secrets, ...options }),
    openRegistered: (options) => openAuditTrail({ folder, writer: 'gateway-1', secrets, ...options }),
    async verify(writer = 'gateway-1') {
      const report = (await verifyTrail({ folder, secrets })).find((one) => one.writer === writer)
      if (!report) throw new Error(`No chain of ${writer}`)
      return report
    },
    files,
    async lines(writer) {
      const texts = await Promise.all((await files(writer)).map((file) => readFile(file, 'utf8')))
      return texts.flatMap((text) => text.split('\n').filter(Boolean))
    },
    async rewrite(file, change) {
      await writeFile(file, change(await readFile(file, 'utf8')))
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
