import { createBundlePublisher } from '../subgraphs/publishing/publish-bundle.ts'
import { createSqliteRecordStore } from '../subgraphs/store/sqlite-record-store.ts'
import { hostileBundles } from './publishing/support/hostile-bundles.ts'
const only = process.argv[3]
const bytes = Number(process.argv[2])
for (const [name, make] of Object.entries(hostileBundles)) {
  if (only && !name.includes(only)) continue
  const store = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: ':memory:' })
  const text = Buffer.from(make(bytes))
  const t = performance.now()
  try { const a = await createBundlePublisher(store)(text, {odsCode:'RBL', name:null})
  const b = Buffer.from(a.body).toString()
  console.log(String(Math.round(performance.now()-t)).padStart(7), a.status, String(text.length).padStart(9), name, a.status===200?'':b.slice(0,230)) } catch (e) { console.log(Math.round(performance.now()-t), 'THREW', text.length, name, String(e).slice(0,200)) }
  store.close()
}
