import { resolve } from 'node:path'
import { z } from 'zod'
import { type RegionConfiguration, regionListSetting } from '../../schema/regions.ts'
import {
  type Environment,
  fraction,
  loadSettings,
  nonBlankText,
  portNumber,
  type Setting,
  setting,
} from '../../schema/service/load-settings.ts'
import { toMode } from '../../schema/service/mode.ts'
import { ensureDataFolder } from '../../schema/service/private-files.ts'
import { InvalidSetting } from '../../schema/service/startup-error.ts'

/** The settings of the demo's processes. */
export interface DemoSettings {
  readonly dataDir: string
  readonly regions: readonly RegionConfiguration[]
  readonly gatewayHost: string
  readonly gatewayPort: number
  /** The population's size relative to the programme's, 0 to 1. */
  readonly scale: number
}

export const defaultScale = 0.01

/**
 * Refuses production, because everybody has the demo's keys and people. An unset NODE_ENV is accepted, because these
 * commands are the demo's.
 */
export const notProductionSetting: Setting<void> = {
  documentation: {
    description: "Anything but development (or test) refuses the demo's commands.",
    example: 'development',
    fallback: 'development',
  },
  defaultText: undefined,
  read(text) {
    if (text === undefined || toMode({ NODE_ENV: text }) === 'development') return
    throw new InvalidSetting(
      'not production, where the demo does not exist: start the services by `npm run gateway` and `npm run store:...`',
      JSON.stringify(text),
    )
  },
}

/** The folder of keys and databases; created if it is missing. */
export const dataFolderSetting = setting(
  'a folder',
  nonBlankText.default('.data'),
  { description: 'Folder of keys, databases, the audit trail and logs.', example: '.data' },
  (folder) => ensureDataFolder(resolve(folder)),
)

/** Reads the demo's settings from environment variables. Rejects with InvalidSettings. */
export async function loadDemoSettings(environment: Environment): Promise<DemoSettings> {
  const settings = await loadSettings(environment, {
    NODE_ENV: notProductionSetting,
    DATA_DIR: dataFolderSetting,
    REGIONS: regionListSetting,
    HOST: setting('an address to listen on', nonBlankText.default('127.0.0.1'), {
      description: "The gateway's address to listen on.",
      example: '0.0.0.0',
    }),
    // Port 0 is refused, because the stores and the user must know the port.
    PORT: setting('a port from 1 to 65535', portNumber.pipe(z.number().min(1)).default(4000), {
      description: "The gateway's port.",
      example: '4000',
    }),
    DEMO_SCALE: setting('a number from 0 to 1', fraction.default(defaultScale), {
      description: "Size of the population as a part of the programme's.",
      example: '0.05',
    }),
  })
  return {
    dataDir: settings.DATA_DIR,
    regions: settings.REGIONS,
    gatewayHost: settings.HOST,
    gatewayPort: settings.PORT,
    scale: settings.DEMO_SCALE,
  }
}
