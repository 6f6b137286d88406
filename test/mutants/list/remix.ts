import type { Mutant } from '../mutant.ts';

const service = { file: 'src/service/remixes.ts', tests: ['test/service/remixes.test.ts'] };
const made = { file: 'src/remix.ts', tests: ['test/service/remixes.test.ts'] };

/** Buttons that are pressed with another prompt. */
export const remixes: readonly Mutant[] = [
  {
    ...service,
    name: 'remix: a prompt that a button cannot take is dropped',
    find: "throw new UserError('prompt-fixed');",
    replace: 'return { request: toRemixRequest(parent, offer, own) };',
    breaks: 'Somebody pays for the old prompt after typing a new one.',
  },
  {
    ...service,
    name: 'remix: a changed prompt is sent unread',
    find: 'readText(text, parent)) };',
    replace: 'text) };',
    breaks: 'What no gateway finds again is sent: two spaces, a long dash, a speed.',
  },
  {
    ...service,
    name: 'remix: an account that ignores prompts is asked again',
    find: 'provider.canRemix?.(offer) === true && remixing.takesPrompts(name)',
    replace: 'provider.canRemix?.(offer) === true',
    breaks: 'Each changed prompt is paid for, and none is used.',
  },
  {
    ...made,
    name: 'remix: what the API was told is not what the task says',
    find: ' || task.answeredAt !== undefined',
    replace: '',
    breaks: 'The picture of the new prompt is shown under the old one.',
  },
  {
    ...made,
    name: 'remix: nobody hears that the API used its own prompt',
    find: '{ ...made, isPromptIgnored: true }',
    replace: 'made',
    breaks: 'Somebody pays for a changed prompt that was never used, again and again.',
  },
  {
    ...made,
    name: 'remix: pictures that the API has in front of a prompt are dropped',
    find: '`${addresses}${answer}`',
    replace: 'answer',
    breaks: 'A variation of a picture with a reference picture is made without it.',
  },
  {
    ...made,
    name: 'remix: what looks like an address is sent unread',
    find: '[\\w.~%/?=&:+-]+',
    replace: '\\S+',
    breaks: 'Several jobs for the price of one, if the API proposes them.',
  },
  {
    file: 'src/service/presses.ts',
    name: 'remix: a picture that is gone is sent again',
    find: '      refuseExpired(remixed.request, clock.now());\n',
    replace: '',
    breaks: 'A changed prompt is charged for, and its reference picture can only fail.',
    tests: ['test/service/remixes.test.ts'],
  },
  {
    file: 'src/providers/mj-proxy/submits.ts',
    name: 'mj-proxy: a changed prompt asks for no window',
    find: 'request.isRemix === true ? { enableRemix: true } : {}',
    replace: '{}',
    breaks: 'The gateway uses the old prompt.',
    tests: ['test/providers/mj-proxy-remix.test.ts'],
  },
  {
    file: 'src/service/start.ts',
    name: 'press speeds: a button costs more than it says',
    find: 'usual === undefined || usual === asked.speed ? request.speed : usual',
    replace: 'request.speed',
    breaks: 'Somebody presses a button for 100 points, and pays 200.',
    tests: ['test/service/press-speeds.test.ts'],
  },
  {
    file: 'src/service/start.ts',
    name: 'remix: what was typed into a window costs more than its button says',
    find: 'priceAt(account, { ...asked, speed, prompt: remixOf })',
    replace: 'priceAt(account, { ...asked, speed })',
    breaks: 'Somebody presses a button for 100 points, types `--oref`, and pays 200.',
    tests: ['test/service/remixes.test.ts'],
  },
  {
    file: 'src/service/start.ts',
    name: 'remix: a guess is told as a price',
    find: '(offer !== undefined && findDearer(prompt, remixOf) === undefined)',
    replace: 'offer !== undefined',
    breaks: "Nobody hears that an API doesn't publish the price of what they typed into a window.",
    tests: ['test/service/remixes.test.ts'],
  },
  {
    file: 'src/service/press-speeds.ts',
    name: 'press speeds: an API is paid for a speed that it cannot be told',
    find: 'account?.traits.takesPressSpeeds !== true || offer.isLocal === true',
    replace: 'account === undefined || offer.isLocal === true',
    breaks: 'Somebody pays for turbo, and the picture is made at the speed of the first one.',
    tests: ['test/service/press-speeds.test.ts'],
  },
  {
    file: 'src/service/press-speeds.ts',
    name: 'press speeds: a button is pressed at a speed that it has not',
    find: 'isRefused(account, { ...toPressRequest({ request }, offer), speed })',
    replace: 'false',
    breaks: 'Nobody who prefers relaxed speed can extend a video at Ace Data Cloud.',
    tests: ['test/service/press-speeds.test.ts'],
  },
];
