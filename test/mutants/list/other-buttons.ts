import type { Mutant } from '../mutant.ts';

const prices = { file: 'src/points/prices.ts', tests: ['test/points/price-lists.test.ts'] };
const foreign = { file: 'src/providers/foreign-buttons.ts', tests: ['test/providers/mj-proxy.test.ts'] };
const buttons = { file: 'src/providers/mj-proxy/buttons.ts', tests: foreign.tests };
const newApi = {
  file: 'src/providers/mj-proxy/new-api-buttons.ts',
  tests: ['test/providers/new-api-buttons.test.ts'],
};
const others = ['test/providers/mj-proxy-others.test.ts'];
const results = { file: 'src/providers/mj-proxy/other-results.ts', tests: others };
const several = { file: 'src/providers/mj-proxy/several.ts', tests: others };
const rendered = { file: 'src/discord/render/buttons.ts', tests: ['test/discord/render/buttons.test.ts'] };

/** Buttons of an API that have no name here. */
export const otherButtons: readonly Mutant[] = [
  {
    ...prices,
    name: 'other buttons: their price stays when an imagine gets another',
    find: 'imagine === undefined ? {} : toImagines(imagine)',
    replace: '{}',
    breaks: 'Where an imagine costs 300 points, a button that nobody knows costs 100.',
  },
  {
    ...prices,
    name: 'other buttons: all prompts cost as much as one',
    find: "'imagine-all': 4 * imagine",
    replace: "'imagine-all': imagine",
    breaks: 'Four imagines are charged as one.',
  },
  {
    ...prices,
    name: 'other buttons: to describe again is a set of pictures',
    find: "if (action === 'redescribe') return 'describe';",
    replace: '',
    breaks: 'Other prompts for a picture cost as much as pictures.',
  },
  {
    ...foreign,
    name: 'other buttons: a video is a picture',
    find: 'return /video|animat/iu.test(name)',
    replace: 'return false',
    breaks: 'A button that animates a picture costs an eighth of what the API charges.',
  },
  {
    ...foreign,
    name: 'other buttons: an emoji is any text',
    find: 'find((one) => /^\\p{RGI_Emoji}$/v.test(one))',
    replace: 'find(() => true)',
    breaks: 'Discord refuses the whole message because of the name of an emoji.',
  },
  {
    ...foreign,
    name: 'other buttons: a label keeps what turns letters around',
    find: 'cutText(cleanText(label.slice(0, 10 * longestLabel)), longestLabel)',
    replace: 'cutText(label, longestLabel)',
    breaks: 'An API writes a label that reads as another one.',
  },
  {
    ...buttons,
    name: 'other buttons: a link can be pressed',
    find: 'readNumber(style) !== 5',
    replace: 'true',
    breaks: 'A link to a web page costs points.',
  },
  {
    ...buttons,
    name: 'other buttons: any upscale is twice as large',
    find: "?.[1] ?? '')",
    replace: "?.[1] ?? '') ?? (name.startsWith('upsample_') ? 'upscale-2x' : undefined)",
    breaks: "A new upscale is shown under another one's name, and costs as much as that.",
  },
  {
    ...newApi,
    name: 'other buttons: an id without a number is sent to new-api',
    find: "return !/^[+-]?\\d{1,9}$/u.test(parts[3] ?? '');",
    replace: 'return false;',
    breaks: 'new-api crashes, and points are held for an hour.',
  },
  {
    ...newApi,
    name: 'other buttons: new-api is offered what it refuses',
    find: "return name !== 'Outpaint' && name !== 'CustomZoom' && name !== 'Inpaint';",
    replace: 'return false;',
    breaks: 'Each bookmark and each animation is refused when it is pressed.',
  },
  {
    name: 'other buttons: an id that looks like our own token is read as one',
    file: 'src/providers/mj-proxy/submits.ts',
    find: "const isTheirs = offer.action === 'other' || offer.action === 'other-video';",
    replace: 'const isTheirs = false;',
    breaks: "An API's button does something else than it says.",
    tests: others,
  },
  {
    ...results,
    name: 'other buttons: the first look that sees nothing is the result',
    find: 'const looksToBelieve = 5;',
    replace: 'const looksToBelieve = 1;',
    breaks: 'A picture that the gateway is still copying is paid for and never shown.',
  },
  {
    ...results,
    name: 'other buttons: a picture may be nothing',
    find: "if (!others.has(action)) return { state: 'running' };",
    replace: '',
    breaks: 'An imagine whose picture comes late is paid for and never shown.',
  },
  {
    name: 'other buttons: a picture of Ace may be nothing',
    file: 'src/providers/acedata/answers.ts',
    find: 'isEmpty && isUnknownAction(record.request?.action)',
    replace: 'isEmpty',
    breaks: 'A picture of Ace Data Cloud that comes late is paid for and never shown.',
    tests: ['test/providers/acedata.test.ts'],
  },
  {
    ...several,
    name: 'other buttons: one of four is all of them',
    find: 'if (open.length > 0) return',
    replace: 'if (open.length === all.length) return',
    breaks: 'The first of four sets of pictures ends the task, and nobody sees the others.',
  },
  {
    name: 'other buttons: a lost task of several is the first that calls',
    file: 'src/providers/mj-proxy/index.ts',
    find: "if (action === 'imagine-all' && gateway.hasTaskList) return undefined;",
    replace: '',
    breaks: 'Four sets of pictures are paid for, and one is shown.',
    tests: others,
  },
  {
    ...several,
    name: 'other buttons: a task that is never begun holds up the others',
    find: 'return since !== undefined && !waitingSince.has(key) ? waiting : [];',
    replace: 'return [];',
    breaks:
      'Three sets of pictures are made, paid for and never shown, since the queue had no room for the fourth.',
  },
  {
    ...several,
    name: 'other buttons: a task is never begun if the others still go on',
    find: "others.every((state) => state === 'done' || state === 'failed')",
    replace: 'true',
    breaks: 'A set of pictures that waited behind the others is paid for and never shown.',
  },
  {
    ...rendered,
    name: 'other buttons: what has no room is left out',
    find: 'const isTooMuch = byKind.more.length > mostChoices;',
    replace: 'const isTooMuch = false;',
    breaks: 'Some of 40 buttons are nowhere.',
  },
  {
    name: 'other buttons: an API can name a button of ours',
    file: 'src/discord/render/foreign-label.ts',
    find: "const shown = unnamed.has(action) ? toLabel(label ?? '', longestLabel) : '';",
    replace: "const shown = toLabel(label ?? '', longestLabel);",
    breaks: 'The same button has another name with each provider.',
    tests: rendered.tests,
  },
  {
    name: 'other buttons: their labels keep secrets',
    file: 'src/providers/hidden-words.ts',
    find: '{ ...offer, label: hide(offer.label) }',
    replace: 'offer',
    breaks: 'A gateway that echoes the key shows it to everybody on a button.',
    tests: ['test/providers/hidden-words.test.ts'],
  },
];
