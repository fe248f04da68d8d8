import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchProcess } from './bench-system.ts'
import type { CpuProfile } from './cpu-profile.ts'

/** Records where a Node process spends its time while `work` runs, over its inspector, which SIGUSR1 opens. */
export async function profileWhile(
  { pid, inspectorPort }: BenchProcess,
  work: () => Promise<void>,
): Promise<CpuProfile> {
  process.kill(pid, 'SIGUSR1')
  const socket = new WebSocket(await findAddress(inspectorPort))
  const waiting = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data))
    waiting.get(id)?.(result)
  })
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
  let last = 0
  const call = (method: string, params: Readonly<Record<string, unknown>> = {}) =>
    new Promise<unknown>((resolve) => {
      waiting.set(++last, resolve)
      socket.send(JSON.stringify({ id: last, method, params }))
    })
  try {
    await call('Profiler.enable')
    await call('Profiler.setSamplingInterval', { interval: 500 })
    await call('Profiler.start')
    await work()
    const { profile } = (await call('Profiler.stop')) as { readonly profile: CpuProfile }
    return profile
  } finally {
    socket.close()
  }
}

async function findAddress(port: number): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => null)
    if (answer) {
      const [target]: readonly { readonly webSocketDebuggerUrl?: string }[] = await answer.json()
      if (target?.webSocketDebuggerUrl) return target.webSocketDebuggerUrl
    }
    await sleep(50)
  }
  throw new Error(`Expected an inspector on port ${port}, found none`)
}
