import type { Random } from '../../pictures/random.ts';
import type { Habits } from './habits.ts';

export interface Ids {
  /** Epoch milliseconds and random digits: midjourney-proxy and trueai; 17 digits are above 2^53. */
  task(now: number, digits: Habits['idDigits']): string;
  /** A Discord id, 19 digits. */
  snowflake(now: number): string;
  /** The job's id, in picture names and customIds. */
  job(): string;
}

const discordEpochMs = 1_420_070_400_000;

export function createIds(random: Random): Ids {
  const given = new Set<string>();

  function digits(count: number): string {
    return Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
  }

  return {
    task(now, length) {
      // Odd and above 2^53, so a client that reads it as a JavaScript number is sure to change it.
      const draw = () => `${now}${digits(2)}${length === 17 ? `${digits(1)}1` : digits(1)}`;
      let id = draw();
      while (given.has(id)) id = draw();
      given.add(id);
      return id;
    },
    snowflake: (now) =>
      String((BigInt(now - discordEpochMs) << 22n) | BigInt(Math.floor(random() * 2 ** 22))),
    job() {
      const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `a${hex.slice(17, 20)}`,
        hex.slice(20),
      ].join('-');
    },
  };
}
