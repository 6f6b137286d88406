import { readFileSync } from 'node:fs';

/** Ticks in /proc are hundredths of a second on every Linux that Node runs on (`getconf CLK_TCK`). */
const ticksPerSecond = 100;

/** What a process uses between `start` and `stop`, from /proc (Linux). */
export interface ProcessMeter {
  start(): void;
  stop(): Usage;
}

export interface Usage {
  /** CPU time divided by wall time, all threads: 1 is one whole core. */
  cores: number;
  /** The most resident memory in any sample, one per second. */
  maxResidentBytes: number;
}

export function createProcessMeter(pid: number): ProcessMeter {
  let startedAt = 0;
  let cpuSeconds = 0;
  let maxResidentBytes = 0;
  let sampling: NodeJS.Timeout | undefined;

  const sample = () => {
    maxResidentBytes = Math.max(maxResidentBytes, readResidentBytes(pid));
  };

  return {
    start() {
      startedAt = performance.now();
      cpuSeconds = readCpuSeconds(pid);
      maxResidentBytes = 0;
      sample();
      sampling = setInterval(sample, 1_000);
    },
    stop() {
      clearInterval(sampling);
      sample();
      const seconds = (performance.now() - startedAt) / 1_000;
      return { cores: (readCpuSeconds(pid) - cpuSeconds) / seconds, maxResidentBytes };
    },
  };
}

/** User and system time (proc(5), /proc/pid/stat, fields 14 and 15; the name before them may hold spaces). */
function readCpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function readResidentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes ?? 0) * 1024;
}
