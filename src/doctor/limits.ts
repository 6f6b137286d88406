import type { AccountConfig } from '../config.ts';
import { listPrices } from '../points/prices.ts';
import { count, type Line } from './line.ts';

/** What the operator lets an account do: `5,000 points a day; from 08:00-22:00; in the time zone Asia/Shanghai`. */
export function checkLimits(account: AccountConfig, timeZone: string): Line {
  const { name, kind, prices, dailyPoints, hours } = account;
  const what = `limits of ${name} (${kind})`;
  const { imagine } = listPrices(kind, prices).points;
  const parts = [
    ...(dailyPoints === undefined ? [] : [`${count(dailyPoints, 'point')} a day`]),
    ...(hours === undefined ? [] : [`it works ${hours.text}`]),
    `the time zone is ${timeZone} (TZ)`,
  ];
  const text = parts.join('; ');
  if (dailyPoints === undefined || dailyPoints >= imagine) return { verdict: 'ok', what, text };
  return {
    verdict: 'warn',
    what,
    text: `${text}: an imagine costs more (${imagine}) and never starts there`,
  };
}

/** Whether there is anything to say about its limits. */
export function hasLimits({ dailyPoints, hours }: AccountConfig): boolean {
  return dailyPoints !== undefined || hours !== undefined;
}
