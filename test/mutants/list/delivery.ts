import type { Mutant } from '../mutant.ts';

const acknowledge = { file: 'src/discord/acknowledge.ts', tests: ['test/discord/acknowledge.test.ts'] };
const publisher = { file: 'src/discord/publisher.ts', tests: ['test/discord/publisher.test.ts'] };
const deliver = { ...publisher, file: 'src/discord/deliver.ts' };
const progress = { file: 'src/discord/progress.ts', tests: ['test/discord/publisher.test.ts'] };
const starts = { file: 'src/discord/session-starts.ts', tests: ['test/discord/session-starts.test.ts'] };

/** What Discord is sent, and when. */
export const delivery: readonly Mutant[] = [
  {
    ...acknowledge,
    name: 'acknowledge: a sweep settles what is being acknowledged',
    find: 'if (acknowledging.has(task.id)) continue;',
    replace: '',
    breaks: 'A sweep during a slow acknowledgement cancels a task that is about to be shown.',
  },
  {
    ...acknowledge,
    name: 'acknowledge: a young answer that is missing is refused',
    find: "found.outcome === 'refused' && certainAt > clock.now()",
    replace: 'false',
    breaks: 'An answer that Discord is still working on is cancelled.',
  },
  {
    ...acknowledge,
    name: 'acknowledge: an answer of which nothing is known counts as given',
    find: "log.warn({ taskId }, 'nobody knows whether Discord took the answer');",
    replace: 'await service.acknowledged(taskId, undefined);',
    breaks: 'Points are spent on what nobody sees.',
  },
  {
    ...acknowledge,
    name: 'acknowledge: the second delivery of an interaction is answered, too',
    find: 'if (!isNew) return;',
    replace: '',
    breaks: 'Discord refuses the second answer, and the task is cancelled.',
  },
  {
    ...deliver,
    name: 'deliver: gone once is gone',
    find: "if (result.outcome === 'gone' && isNewlyGone(task))",
    replace: 'if (false)',
    breaks: 'A message that one of Discord’s machines doesn’t know yet is given up.',
  },
  {
    ...deliver,
    name: 'deliver: a mention is given up with its message',
    find: 'isHopeless) return outbox.postpone',
    replace: 'isHopeless || true) return outbox.postpone',
    breaks: 'A message that Discord refuses for a day is tried forever.',
  },
  {
    ...deliver,
    name: 'deliver: what Discord refuses is paid',
    find: "if (owed.kind === 'final' && (await unshow(owed.task.id, 'unshown'))) {",
    replace: 'if (false) {',
    breaks: 'A person pays for what nobody sees.',
  },
  {
    ...publisher,
    name: 'publisher: slow uploads stay as many',
    find: 'Math.max(1, Math.floor(deliveriesAtOnce / 2))',
    replace: 'deliveriesAtOnce',
    breaks: 'On a slow line no upload ever ends in time.',
  },
  {
    ...progress,
    name: 'progress: edits follow each other at once',
    find: 'arm(slot, slot.lastEditAt + editEveryMs());',
    replace: 'arm(slot, clock.now());',
    breaks: 'Discord limits the bot for everybody.',
  },
  {
    ...progress,
    name: 'progress: an older state is drawn after a newer one',
    find: 'task.revision > slot.latest.revision) {',
    replace: 'true) {',
    breaks: 'Progress goes back.',
  },
  {
    ...progress,
    name: 'progress: a new token does not bring a message back',
    find: "Object.assign(slot, { isGone: false, lastBody: '' });",
    replace: 'void 0;',
    breaks: 'After Check nothing is drawn anymore.',
  },
  {
    ...starts,
    name: 'session starts: six without a pause',
    find: 'startsInARow < startsWithoutPause',
    replace: 'startsInARow <= startsWithoutPause',
    breaks: 'One more session in a row than intended.',
  },
  {
    ...starts,
    name: 'session starts: pauses grow without a limit',
    find: 'Math.min(longestPauseMs, firstPauseMs * 2',
    replace: 'Math.max(0, firstPauseMs * 2',
    breaks: 'After an outage of an hour the bot waits for hours.',
  },
  {
    ...starts,
    name: 'session starts: a session is started although none is left',
    find: 'limit === undefined || limit.remaining > 0',
    replace: 'true || limit.remaining > 0',
    breaks: 'Discord resets the token of a bot that starts 1,000 sessions a day.',
  },
  {
    ...starts,
    name: 'session starts: shards count together',
    find: 'const last = shards.get(shardId);',
    replace: 'const last = [...shards.values()].at(-1);',
    breaks: 'A bot with six shards waits although each starts once.',
  },
  {
    name: 'awaited: a link is sent while the file may come',
    file: 'src/discord/awaited-files.ts',
    find: 'ageOf(task) <= fetchForMs',
    replace: 'ageOf(task) <= 0',
    breaks: 'A file server that takes a minute costs the picture in the message.',
    tests: ['test/discord/publisher.test.ts'],
  },
  {
    ...deliver,
    name: 'deliver: what can never be downloaded is paid',
    find: "if (result.outcome === 'unfetched' && (await unshow(task.id, 'unfetched'))) return;",
    replace: '',
    breaks: 'A person pays for a picture that nobody can fetch.',
  },
  {
    name: 'awaited: nobody says that a file is awaited',
    file: 'src/discord/awaited-files.ts',
    find: 'const tellAfterMs = 8_000;',
    replace: 'const tellAfterMs = 600_000;',
    breaks: 'Ten minutes of "thinking…".',
    tests: ['test/discord/publisher.test.ts'],
  },
  {
    name: 'awaited: it is reported at each try',
    file: 'src/discord/awaited-files.ts',
    find: 'if (await tell(task, from)) said.set(task.id, from);',
    replace: 'await tell(task, from);',
    breaks: 'A message is written again every few seconds.',
    tests: ['test/discord/publisher.test.ts'],
  },
  {
    file: 'src/discord/result-files.ts',
    name: 'files: the prompt is in them although their person wants none',
    find: '(await wantsMetadata(task.origin.userId)) ? toPictureFacts(task) : undefined',
    replace: 'toPictureFacts(task)',
    breaks: 'A prompt leaves with a file whose person did not want that.',
    tests: ['test/discord/result-files.test.ts'],
  },
  {
    file: 'src/discord/result-files.ts',
    name: 'files: the prompt makes a file too large',
    find: 'bytes.length > limitBytes ? file : { ...file, bytes }',
    replace: '{ ...file, bytes }',
    breaks: 'Discord refuses the file, and a smaller one is shown in its place.',
    tests: ['test/discord/result-files.test.ts'],
  },
];
