import type { Random } from '../../pictures/random.ts';
import { toJson } from '../answer.ts';
import type { Clock } from '../clock.ts';
import type { Troubles } from '../trouble.ts';
import { readPicture, readText, readTexts } from './bodies.ts';
import { refuseAs } from './dialect.ts';
import type { Engine } from './engine.ts';
import { createFollowUps } from './follow-ups.ts';
import type { Submission } from './front.ts';
import type { Habits } from './habits.ts';
import type { Ids } from './ids.ts';
import { readOrder } from './orders.ts';
import { findBannedWord, parsePrompt } from './prompt.ts';
import { chooseSpeed } from './speed.ts';
import type { NewTask, Submitted } from './submitted.ts';
import type { MjTask, Outcome } from './task.ts';
import type { Channel } from './task-answer.ts';

/** midjourney-proxy itself: accepts work and knows its tasks. Nearly always answers 200 with a code (docs/api.md). */
export interface Upstream {
  readonly channel: Channel;
  submit(submission: Submission): Submitted;
  find(id: string): MjTask | undefined;
  /** The task whose picture is in that Discord message. */
  findByMessage(messageId: string): MjTask | undefined;
  /** Oldest first. */
  list(): MjTask[];
  /** Ends a task before its work does. */
  end: Engine['end'];
}

export interface UpstreamParts {
  habits: Habits;
  clock: Clock;
  engine: Engine;
  ids: Ids;
  random: Random;
  trouble: Troubles;
  /** The address of a finished task's picture. */
  address(task: MjTask): string;
}

export function createUpstream(parts: UpstreamParts): Upstream {
  const { habits, clock, engine, ids, random, trouble, address } = parts;
  const tasks = new Map<string, MjTask>();
  const byMessage = new Map<string, MjTask>();
  const channel = {
    discordChannelId: ids.snowflake(clock.now()),
    discordInstanceId: ids.snowflake(clock.now()),
  };
  const followUps = createFollowUps({ habits, engine, tasks, createTask, begin, accept, tell });

  function createTask(facts: NewTask): MjTask {
    const now = clock.now();
    const task: MjTask = {
      id: ids.task(now, habits.idDigits),
      status: 'NOT_START',
      progress: '0%',
      promptEn: habits.translatesPrompts ? `in English: ${facts.prompt}` : facts.prompt,
      description: 'Submit success',
      state: '',
      submitTime: now,
      startTime: 0,
      finishTime: 0,
      failReason: '',
      botType: 'MID_JOURNEY',
      imageUrl: '',
      videoUrls: [],
      notifyHook: '',
      buttons: null,
      finalPrompt: facts.prompt,
      finalZhPrompt: '',
      parent: undefined,
      customId: undefined,
      job: ids.job(),
      messageId: ids.snowflake(now),
      seed: Math.floor(random() * 2 ** 32),
      version: parsePrompt(facts.prompt).version,
      shown: undefined,
      fault: undefined,
      work: undefined,
      isAnswered: false,
      ...facts,
    };
    tasks.set(task.id, task);
    byMessage.set(task.messageId, task);
    return task;
  }

  function tell(task: MjTask, said: { code: number; description: string; properties: object }): Submitted {
    return { task, answer: toJson(200, { ...said, result: task.id }) };
  }

  function accept(task: MjTask): Submitted {
    return tell(task, { code: 1, description: habits.acceptedText, properties: channel });
  }

  /** Starts the work or queues it; then 22 says how many are ahead. Whether there's room was checked before. */
  function begin(task: MjTask, work: () => Outcome | undefined, ownPrompt = ''): Submitted {
    const { ahead } = engine.room();
    task.fault ??= trouble.take('task', ownPrompt);
    // No longer refused at submit: it's accepted, and fails later (trueai SubmitController.cs).
    if (habits.flavour === 'trueai' && findBannedWord(task.prompt, habits.bannedWords) !== undefined) {
      task.fault ??= { do: 'fail', reason: '可能包含敏感词' };
    }
    if (habits.swapsTwins) swapWithTwin(task);
    engine.enqueue(task, work);
    if (ahead === 0 || task.customId?.includes('upsample') === true) return accept(task);
    const properties = { numberOfQueues: ahead, discordInstanceId: channel.discordInstanceId };
    return tell(task, { code: 22, description: `排队中，前面还有${ahead}个任务`, properties });
  }

  function swapWithTwin(task: MjTask): void {
    const twin = [...tasks.values()].find(
      (other) =>
        other !== task && other.kind === 'imagine' && other.prompt === task.prompt && other.finishTime === 0,
    );
    if (task.kind !== 'imagine' || twin === undefined) return;
    [task.seed, twin.seed] = [twin.seed, task.seed];
    [task.job, twin.job] = [twin.job, task.job];
  }

  /** The answer has addresses in `result` instead of a task; each picture is still kept as one, so that it can be served. */
  function submitUpload({ body, account }: Submission): Submitted {
    const pictures = readTexts(body, 'base64Array').map(readPicture);
    if (pictures.length === 0) return { answer: refuseAs(habits, 'base64-empty') };
    if (pictures.includes(undefined)) return { answer: refuseAs(habits, 'bad-base64') };
    const uploads = pictures.flatMap((picture) => {
      if (picture === undefined) return [];
      const facts = { kind: 'upload-discord-images', action: 'UPLOAD', prompt: '', speed: 'fast' } as const;
      const task = createTask({ ...facts, account });
      task.shown = { as: 'upload', ...picture };
      const finished = { progress: '100%', finishTime: clock.now(), imageUrl: address(task) };
      engine.move(task, 'SUCCESS', finished);
      return [task];
    });
    const result = uploads.map((task) => task.imageUrl);
    const [task] = uploads;
    return { answer: toJson(200, { code: 1, description: 'success', result }), ...(task && { task }) };
  }

  function findSame(prompt: string, account: number): MjTask | undefined {
    if (habits.repeatedImagine === 'again') return undefined;
    return [...tasks.values()].find(
      (task) => task.kind === 'imagine' && task.account === account && task.prompt === prompt,
    );
  }

  function submitOrder(submission: Submission): Submitted {
    const { kind, body, account } = submission;
    const order = readOrder(kind, body, habits);
    if ('refusal' in order) return { answer: order.refusal };
    const earlier = kind === 'imagine' ? findSame(order.facts.prompt, account) : undefined;
    if (earlier !== undefined) {
      const { status, imageUrl } = earlier;
      return tell(earlier, { code: 21, description: '任务已存在', properties: { status, imageUrl } });
    }
    if (engine.room().isFull) return { answer: refuseAs(habits, 'queue-full') };
    const speed = chooseSpeed(submission, { speed: habits.ownSpeed });
    const task = createTask({
      ...order.facts,
      kind,
      account,
      speed,
      state: readText(body, 'state'),
      notifyHook: readText(body, 'notifyHook'),
    });
    return begin(task, () => order.work(task), order.facts.prompt);
  }

  const special: Record<string, (submission: Submission) => Submitted> = {
    action: followUps.act,
    modal: followUps.answer,
    change: followUps.change,
    'upload-discord-images': submitUpload,
    video: (submission) =>
      readText(submission.body, 'action') === 'extend'
        ? followUps.extend(submission)
        : submitOrder(submission),
  };

  return {
    channel,
    find: (id) => tasks.get(id),
    findByMessage: (messageId) => byMessage.get(messageId),
    list: () => [...tasks.values()],
    end: engine.end,
    submit: (submission) => (special[submission.kind] ?? submitOrder)(submission),
  };
}
