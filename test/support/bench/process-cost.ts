import { readFileSync } from 'node:fs'

/** Processor time that a process has used so far, in ms, in the kernel's ticks of 10 ms (proc(5), /proc/PID/stat). */
export function cpuMsOf(pid: number): number {
  // The name, in parentheses, may hold spaces: fields are counted after it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Resident memory of a process, in MB (proc(5), /proc/PID/statm; pages of 4 KiB). */
export function rssMbOf(pid: number): number {
  return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1e6
}
