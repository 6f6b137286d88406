import type { Answer } from '../answer.ts';
import type { Flavour, Habits } from './habits.ts';
import { type RefusalName, refuse } from './refusals.ts';

type Words = Partial<Record<RefusalName, RefusalName>>;

/** What each proxy itself says, with or without a gateway in front of it. */
const proxies: Record<Flavour, Words> = {
  java: {},
  plus: {},
  trueai: { 'queue-full': 'queue-full-trueai', 'parent-unknown': 'parent-unknown-trueai' },
};

/** What it says at its own door, without a gateway in front of it. */
const ofJava: Words = {
  'no-key': 'unauthorized-java',
  unauthorized: 'unauthorized-java',
  'bad-body': 'bad-body-java',
  'too-many': 'too-many-text',
};
const doors: Record<Flavour, Words> = {
  java: ofJava,
  plus: ofJava,
  trueai: {
    'no-key': 'unauthorized-trueai',
    unauthorized: 'unauthorized-trueai',
    forbidden: 'forbidden-trueai',
    'bad-body': 'bad-body-trueai',
    'not-supported': 'not-supported-trueai',
    'too-many': 'too-many-text',
  },
};
const gatewayDoor: Words = { 'not-supported': 'not-supported-gateway' };

/** Refuses in the words of that provider: each has its own form for the same trouble. */
export function refuseAs(habits: Habits, name: RefusalName, properties?: object): Answer {
  if (habits.front === 'new-api') return refuse(proxies[habits.flavour][name] ?? name, properties);
  const door = habits.auth === 'bearer' ? gatewayDoor : doors[habits.flavour];
  return refuse(proxies[habits.flavour][name] ?? door[name] ?? name, properties);
}
