import { runMain } from '../../schema/service/run-main.ts'
import { readSlug } from '../service/read-slug.ts'
import { startRecordStore } from '../start-record-store.ts'
import { logProgress } from './population/log-progress.ts'
import { publishPopulation } from './population/publish-population.ts'
import { publishPeople } from './publish-people.ts'
import { loadSeedSettings } from './seed-settings.ts'
import { isDemoRegion } from './vocabulary/person.ts'

/**
 * A record store of the demo as a process: publishes the demo's people, then starts the same service as
 * subgraphs/main.ts.
 */
if (import.meta.main) {
  await runMain(async () => {
    const slug = readSlug('subgraphs/demo/main.ts')
    const { people, scale } = await loadSeedSettings(process.env)
    await startRecordStore({
      slug,
      environment: process.env,
      async seed(store, { region, publishers }) {
        const now = new Date()
        if (people) await publishPeople({ store, region: slug, now, publishers })
        if (scale > 0 && isDemoRegion(slug)) {
          const onProgress = logProgress(region.applicationName)
          await publishPopulation({ store, region: slug, scale, now, publishers, onProgress })
        }
      },
    })
  })
}
