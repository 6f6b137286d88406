import { type Fault, frontDoors, type Place } from '../providers/trouble.ts';
import type { SwitchOption } from './protocol.ts';

export interface ProviderTrouble extends SwitchOption {
  faults: Partial<Record<Place, Fault>>;
}

/** nginx, when nothing behind it answers. */
const down: Fault = {
  do: 'answer',
  status: 503,
  body: '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body><hr><center>nginx</center></body>\r\n</html>',
  headers: { 'content-type': 'text/html' },
};

/** What can be wrong with the providers, and what happens at each place. With the first, nothing is. */
export const providerTroubles: Readonly<Record<string, ProviderTrouble>> = {
  fine: { value: 'fine', label: 'Works', says: 'Answers as it should', faults: {} },
  slow: {
    value: 'slow',
    label: 'Slow',
    says: 'Every answer takes 20 s of its time',
    faults: { submit: { do: 'delay', ms: 20_000 }, look: { do: 'delay', ms: 20_000 } },
  },
  failing: {
    value: 'failing',
    label: 'Down',
    says: 'Answers 503 to everything',
    faults: { submit: down, look: down },
  },
  fails: {
    value: 'fails',
    label: 'Tasks fail',
    says: 'Takes the work, and fails it',
    faults: { task: { do: 'fail', reason: 'Internal Server Error' } },
  },
  loses: {
    value: 'loses',
    label: 'Answers get lost',
    says: 'Takes the work and charges it, but its answer never arrives',
    faults: { submit: { do: 'lose' } },
  },
  proxied: {
    value: 'proxied',
    label: 'Proxy in between',
    says: 'Takes the work and charges it, but a proxy answers 503 in its place',
    faults: { submit: frontDoors.upstream },
  },
  broke: {
    value: 'broke',
    label: 'Out of credit',
    says: 'Refuses new work: the balance is used up',
    faults: { submit: { do: 'refuse', as: 'no-quota' } },
  },
  'wrong-key': {
    value: 'wrong-key',
    label: 'Wrong key',
    says: 'Answers 401: it doesn’t know the key',
    faults: { submit: { do: 'refuse', as: 'unauthorized' }, look: { do: 'refuse', as: 'unauthorized' } },
  },
  limited: {
    value: 'limited',
    label: 'Rate-limited',
    says: 'Answers 429: come back in 5 s',
    faults: {
      submit: { do: 'refuse', as: 'too-many', retryAfterSeconds: 5 },
      look: { do: 'refuse', as: 'too-many', retryAfterSeconds: 5 },
    },
  },
  blocked: {
    value: 'blocked',
    label: 'Firewall',
    says: 'A firewall in front of it blocks the bot',
    faults: { submit: frontDoors.blocked, look: frontDoors.blocked },
  },
  moved: {
    value: 'moved',
    label: 'Moved',
    says: 'Redirects to another address',
    faults: { submit: frontDoors.moved, look: frontDoors.moved },
  },
  odd: {
    value: 'odd',
    label: 'Odd writing',
    says: 'Answers right, in an envelope that nobody documents',
    faults: { submit: { do: 'garble', how: 'envelope' }, look: { do: 'garble', how: 'envelope' } },
  },
};

export const places: readonly Place[] = ['submit', 'look', 'picture', 'task'];
