import type { Mutant } from '../mutant.ts';

const tests = ['test/service/wording.test.ts'];
const starts = { file: 'src/service/start.ts', tests };
const resume = { file: 'src/service/resume.ts', tests };

/** What is said about a prompt before it's paid, and what is sent after that. */
export const corrections: readonly Mutant[] = [
  {
    ...starts,
    name: 'words: nobody is told',
    find: 'await checkWords({ ...prospect, foreseen }, terms, understanding);',
    replace: '',
    breaks: 'People pay to learn that a version doesn’t take a parameter.',
  },
  {
    ...starts,
    name: 'words: what certainly fails is sent as it is',
    find: 'price: isSendable && isChanged ?',
    replace: 'price: isChanged ?',
    breaks: 'Somebody pays for what Midjourney turns down.',
  },
  {
    ...starts,
    name: 'words: what has no price is offered as it is',
    find: 'requirePriced(toSent(request));',
    replace: '',
    breaks: 'A button is refused each time it’s pressed.',
  },
  {
    ...starts,
    name: 'words: what has no price is corrected',
    find: 'requirePriced(toSent(corrected));',
    replace: '',
    breaks: 'A button is refused each time it’s pressed.',
  },
  {
    ...starts,
    name: 'words: the decision to send them as they are is forgotten',
    find: 'askForPrice(told, terms, isAsWritten);',
    replace: 'askForPrice(told, terms, false);',
    breaks: 'Somebody agrees to the price, and is asked about the words again.',
  },
  {
    ...resume,
    name: 'words: they are sent as they are without a price for that',
    find: "if (price === undefined) throw new UserError('unknown-component');",
    replace: '',
    breaks: 'A forged button sends what certainly fails.',
  },
  {
    ...resume,
    name: 'words: the corrected ones are never sent',
    find: 'isAsWritten ? draft.request : draft.corrected',
    replace: 'draft.request',
    breaks: 'Somebody chooses the correction, and pays for the mistake.',
  },
  {
    ...resume,
    name: 'words: the price as written is the corrected one’s',
    find: 'isAsWritten ? draft.writtenPrice : draft.price',
    replace: 'draft.writtenPrice ?? draft.price * 100',
    breaks: 'More is booked than what was told.',
  },
  {
    ...resume,
    name: 'words: changed ones are of no button',
    find: 'if (request.offer !== undefined && parentId',
    replace: 'if (request.offer === undefined && parentId',
    breaks: 'A changed zoom isn’t checked, and loses its picture.',
  },
  {
    name: 'words: a correction waits for an hour',
    file: 'src/service/drafts.ts',
    find: 'words: 15 * minute',
    replace: 'words: 60 * minute',
    breaks: 'An old prompt is paid for by a forgotten button.',
    tests,
  },
  {
    name: 'words: an answer that certainly fails is sent',
    file: 'src/service/presses.ts',
    find: "if (!isSendable) throw new UserError('answer-wrong', { findings, corrected });",
    replace: '',
    breaks: 'The task fails after its points were taken.',
    tests,
  },
  {
    name: 'words: any account gets them',
    file: 'src/accounts/choose.ts',
    find: 'requireSendable(work, kind);',
    replace: '',
    breaks: 'A task moves to an account that turns it down.',
    tests,
  },
  {
    name: 'words: what a button sends without words is read',
    file: 'src/service/wording.ts',
    find: 'const sent = offer === undefined || offer.takesWords === true ? prompt : answer;',
    replace: 'const sent = answer ?? prompt;',
    breaks: 'A button under an old picture is refused for its prompt.',
    tests,
  },
];
