import type { Mutant } from '../mutant.ts';

const parts = { file: 'src/prompt/translation.ts', tests: ['test/prompt/translation.test.ts'] };
const service = { file: 'src/service/translations.ts', tests: ['test/service/translations.test.ts'] };

/** Prompts that are translated before they're sent. */
export const translation: readonly Mutant[] = [
  {
    ...parts,
    name: 'translation: it may bring flags',
    find: '!hasFlags(words) && ',
    replace: '',
    breaks: 'A person gets another version than they asked for.',
  },
  {
    ...parts,
    name: 'translation: it may start several jobs',
    find: ' && isPriced(prompt);',
    replace: ';',
    breaks: 'A translator’s braces buy four jobs for one.',
  },
  {
    ...parts,
    name: 'translation: it may be of any length',
    find: 'prompt.length <= maxPromptLength && ',
    replace: '',
    breaks: 'A prompt is charged that is too long to be edited, and that an API cuts.',
  },
  {
    ...parts,
    name: 'translation: nothing counts as one',
    find: "words !== '' && ",
    replace: '',
    breaks: 'Somebody pays for a picture of nothing.',
  },
  {
    ...parts,
    name: 'translation: addresses are translated, too',
    find: 'text.slice(links.length).trim()',
    replace: 'text.trim()',
    breaks: 'A translator changes the address of a picture.',
  },
  {
    ...service,
    name: 'translation: anybody may ask for one',
    find: 'await starts.requireAllowed(request, asker);',
    replace: '',
    breaks: 'Somebody without points lets the operator pay for translations.',
  },
  {
    ...service,
    name: 'translation: prompts that can’t start are translated',
    find: 'requirePriced(request);',
    replace: '',
    breaks: 'The operator pays for the translation of a prompt that is refused anyway.',
  },
  {
    ...service,
    name: 'translation: prompts that won’t work are translated',
    find: 'await starts.requireSound(request, caller, { ...understanding, overridden, isToTranslate: true });',
    replace: '',
    breaks: 'The operator pays for translations that their person may never use.',
  },
  {
    ...service,
    name: 'translation: a press that starts nothing is translated',
    file: 'src/service/resume.ts',
    find: 'await refuseSecondTime(database, { id: understanding.onceId, origin: caller.origin });',
    replace: '',
    breaks: 'Each press on an old button has the operator pay for a translation.',
  },
  {
    ...service,
    name: 'translation: if it fails, the prompt is sent as typed',
    find: "throw new UserError('translation-failed', kept);",
    replace: 'return starts.open(request, undefined, caller);',
    breaks: 'People pay for something else than they asked for.',
  },
  {
    ...service,
    name: 'translation: any number at once',
    find: "if (waiting.has(asker.userId)) throw new UserError('translation-under-way');",
    replace: '',
    breaks: 'A script lets the operator pay for thousands of translations.',
  },
  {
    ...service,
    name: 'translation: the first one is the last',
    find: 'waiting.delete(asker.userId);',
    replace: '',
    breaks: 'Nobody gets a second translation until the bot restarts.',
  },
  {
    ...service,
    name: 'translation: what was typed is forgotten',
    find: '{ ...request, prompt: english, typed }',
    replace: '{ ...request, prompt: english }',
    breaks: 'People don’t recognize their own picture.',
  },
  {
    name: 'translation: any account gets what its API is to translate',
    file: 'src/accounts/choose.ts',
    find: "throw new UserError('translation-unavailable');",
    replace: 'return [];',
    breaks: 'Somebody pays for a prompt in a language that they wanted translated.',
    tests: ['test/service/translations.test.ts'],
  },
  {
    name: 'hidden words: the English prompt is passed on as it came',
    file: 'src/providers/hidden-words.ts',
    find: 'promptEnglish: hide(facts.promptEnglish)',
    replace: 'promptEnglish: facts.promptEnglish',
    breaks: 'A gateway echoes its key, and everybody reads it.',
    tests: ['test/providers/hidden-words.test.ts'],
  },
  {
    name: 'apply: words that somebody typed stay with others',
    file: 'src/apply.ts',
    find: 'typed: _typed, ',
    replace: '',
    breaks: 'What was to be forgotten is still there, in the language that it was typed in.',
    tests: ['test/task.test.ts'],
  },
];
