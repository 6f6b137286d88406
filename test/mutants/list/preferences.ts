import type { Mutant } from '../mutant.ts';

const service = { file: 'src/service/preferences.ts', tests: ['test/service/preferences.test.ts'] };
const rules = { file: 'src/prompt/preferences.ts', tests: ['test/service/preferences.test.ts'] };
const combined = { file: 'src/prompt/combine.ts', tests: ['test/prompt/combine.test.ts'] };

/** What people have set for themselves: it never outweighs what they type, is checked, and stays theirs. */
export const preferences: readonly Mutant[] = [
  {
    name: 'preferences: each letter of an option reads the disk',
    file: 'src/service/preferences.ts',
    find: '    const own = known.get(userId) ?? toOwn(stored ?? {}); // known by now if it was changed in the meantime\n    remember(userId, own);',
    replace: '    const own = known.get(userId) ?? toOwn(stored ?? {});',
    breaks: 'Suggestions come too late while the disk is busy.',
    tests: ['test/service/preferences.test.ts'],
  },
  {
    ...rules,
    name: 'preferences: a suffix is saved unread',
    find: '  requireUsable(suffix, accountKinds);\n',
    replace: '',
    breaks: 'Every prompt is refused from then on, and nobody sees why.',
  },
  {
    ...rules,
    name: 'preferences: a preset is saved unread',
    find: '  requireUsable(text, accountKinds);\n',
    replace: '',
    breaks: 'A preset without a price is kept, and refused whenever it is used.',
  },
  {
    ...rules,
    name: 'preferences: a code is saved without reading its price',
    find: "    requirePriced({ action: 'imagine', prompt, pictures: [] });\n    return",
    replace: '    return',
    breaks: 'A code is suggested that is always refused.',
  },
  {
    ...rules,
    name: 'preferences: a code may have the name of a style',
    find: "if (isStyleReference(name)) throw new UserError('code-name-taken', { name });",
    replace: '',
    breaks: 'Somebody asks for a random style, and gets the one that they saved.',
  },
  {
    ...rules,
    name: 'preferences: turbo is saved next to a version without it',
    find: '  requireSpeed(prompt, speed, accountKinds);\n',
    replace: '',
    breaks: 'Each prompt of theirs is stopped.',
  },
  {
    ...rules,
    name: 'preferences: a preset has turbo and a version without it',
    find: '  requireSpeed(words, speed, accountKinds);\n',
    replace: '',
    breaks: 'Each prompt with it is stopped.',
  },
  {
    ...rules,
    name: 'preferences: a preset may have the name of a flag',
    find: "if (knownFlags.has(flag)) throw new UserError('preset-name-taken', { name, flag });",
    replace: '',
    breaks: 'Typing --v 7 puts a preset in, and the version is another one.',
  },
  {
    ...service,
    name: 'preferences: two changes at once',
    find: '(changing.get(userId) ?? Promise.resolve()).then(work)',
    replace: 'Promise.resolve().then(work)',
    breaks: 'One of the two is lost.',
  },
  {
    ...service,
    name: 'preferences: stay in memory when they are forgotten',
    find: '        known.delete(userId);\n      });',
    replace: '      });',
    breaks: 'A suffix comes back after /account forget.',
  },
  {
    file: 'src/service/personal-data.ts',
    tests: ['test/service/preferences.test.ts'],
    name: 'preferences: stay when somebody is forgotten',
    find: '      await preferences.forget(userId);\n',
    replace: '',
    breaks: 'What people wrote stays after /account forget.',
  },
  {
    ...combined,
    name: 'preferences: a preset outweighs what was typed',
    find: '    ...read.parameters.map(({ name }) => settingOf(name)),\n',
    replace: '',
    breaks: 'What somebody types is sent twice, or not at all.',
  },
  {
    ...combined,
    name: 'preferences: an option is outweighed by a preset',
    find: 'value === undefined ? [] : [option]',
    replace: 'value === undefined ? [] : []',
    breaks: 'An option that somebody chose does not count.',
  },
  {
    ...combined,
    name: 'preferences: the speed of a preset or a suffix is dropped',
    find: 'layers.find(({ speed }) => speed !== undefined)?.speed ?? usualSpeed',
    replace: 'usualSpeed',
    breaks: 'It runs at another speed than its person wrote.',
  },
  {
    ...combined,
    name: 'preferences: a prompt may consist of a suffix',
    find: "if (words === '' && !hasWords(written) && (typed.pictures ?? 0) === 0) throw new UserError('prompt-empty');",
    replace: '',
    breaks: 'Somebody pays for a prompt with nothing of theirs in it.',
  },
  {
    file: 'src/service/drawn-styles.ts',
    tests: ['test/whole/preferences.test.ts'],
    name: 'drawn style: of a prompt that asked for none',
    find: 'return drawsStyle(request.answer ?? request.prompt) ? facts?.styleCodes : undefined;',
    replace: 'return facts?.styleCodes;',
    breaks: 'A message says that Midjourney picked the style that its person typed.',
  },
  {
    file: 'src/tasks/changes.ts',
    tests: ['test/tasks/outbox.test.ts'],
    name: 'preferences: somebody who wants no mention gets one',
    find: 'isQuiet !== true && place.isPrivate',
    replace: 'place.isPrivate',
    breaks: 'People are pinged although they have turned that off.',
  },
];
