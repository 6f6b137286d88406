import type { Random } from '../../pictures/random.ts';
import { type Answer, toJson } from '../answer.ts';
import type { Clock } from '../clock.ts';
import type { Troubles } from '../trouble.ts';
import { type Body, readPicture, readText, readTexts } from './bodies.ts';
import { type ButtonAct, parseCustomId, toAction } from './custom-id.ts';
import type { Engine } from './engine.ts';
import type { Habits } from './habits.ts';
import type { Ids } from './ids.ts';
import { readOrder } from './orders.ts';
import { findBannedWord, parsePrompt } from './prompt.ts';
import { refuse } from './refusals.ts';
import type { MjTask, Outcome } from './task.ts';
import { press } from './work.ts';

/** A submit's answer, and the task, where one was taken. */
export interface Submitted {
  answer: Answer;
  task?: MjTask;
}

/** midjourney-proxy itself: takes work and knows its tasks. Answers 200 with a code, whatever happens (docs/api.md). */
export interface Upstream {
  submit(kind: string, body: Body, account: number): Submitted;
  find(id: string): MjTask | undefined;
  /** The task whose picture hangs on that Discord message. */
  findByMessage(messageId: string): MjTask | undefined;
  list(): readonly MjTask[];
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

export function createUpstream({
  habits,
  clock,
  engine,
  ids,
  random,
  trouble,
  address,
}: UpstreamParts): Upstream {
  const tasks = new Map<string, MjTask>();
  const byMessage = new Map<string, MjTask>();
  const channel = {
    discordChannelId: ids.snowflake(clock.now()),
    discordInstanceId: ids.snowflake(clock.now()),
  };

  function createTask(
    account: number,
    facts: Partial<MjTask> & Pick<MjTask, 'kind' | 'action' | 'prompt'>,
  ): MjTask {
    const now = clock.now();
    const task: MjTask = {
      id: ids.task(now, habits.idDigits),
      status: 'NOT_START',
      progress: '0%',
      promptEn: facts.prompt,
      description: 'Submit success',
      state: '',
      submitTime: now,
      startTime: 0,
      finishTime: 0,
      failReason: '',
      botType: 'MID_JOURNEY',
      imageUrl: '',
      videoUrl: '',
      buttons: null,
      finalPrompt: facts.prompt,
      finalZhPrompt: '',
      account,
      parent: undefined,
      customId: undefined,
      job: ids.job(),
      messageId: ids.snowflake(now),
      seed: Math.floor(random() * 2 ** 32),
      version: parsePrompt(facts.prompt).version,
      shown: undefined,
      fault: undefined,
      work: undefined,
      ...facts,
    };
    tasks.set(task.id, task);
    byMessage.set(task.messageId, task);
    return task;
  }

  /** Starts the work or lines it up; then 22 says how many are ahead. Whether there is room was asked before. */
  function begin(task: MjTask, work: () => Outcome | undefined, ownPrompt = ''): Submitted {
    const { ahead } = engine.room();
    task.fault ??= trouble.take('task', ownPrompt);
    if (habits.swapsTwins) swapWithTwin(task);
    engine.enqueue(task, work);
    if (ahead === 0 || task.customId?.includes('upsample') === true) {
      return { task, answer: toAccepted(1, 'Submit success', task, channel) };
    }
    const properties = { numberOfQueues: ahead, discordInstanceId: channel.discordInstanceId };
    return { task, answer: toAccepted(22, `排队中，前面还有${ahead}个任务`, task, properties) };
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

  function submitAction(body: Body, account: number): Submitted {
    const customId = readText(body, 'customId');
    const parent = tasks.get(readText(body, 'taskId'));
    if (parent === undefined) return { answer: refuse('parent-unknown') };
    if (parent.status !== 'SUCCESS') return { answer: refuse('parent-unfinished') };
    const act = parseCustomId(customId);
    if (act.do === 'unknown' || !(parent.buttons ?? []).some((button) => button.customId === customId)) {
      return { answer: refuse('button-unknown') };
    }
    const earlier = [...tasks.values()].find((task) => task.parent === parent && task.customId === customId);
    const isRepeated = act.do === 'pick' && earlier !== undefined;
    if (isRepeated && habits.repeatedPick === 'existed') return toExisted(earlier);
    const asksFirst = needsModal(act);
    if (!asksFirst && engine.room().isFull) return { answer: refuse('queue-full') };
    const task = createTask(account, {
      kind: 'action',
      action: toAction(act),
      prompt: parent.finalPrompt,
      state: readText(body, 'state'),
      parent,
      customId,
      version: parent.version,
    });
    if (isRepeated && habits.repeatedPick === 'silent') task.fault = { do: 'stall' };
    task.work = (answer) => press(task, act, answer);
    if (!asksFirst) return begin(task, () => press(task, act, { prompt: '', mask: undefined }));
    engine.move(task, 'MODAL');
    const finalPrompt = act.do === 'inpaint' ? '' : parent.finalPrompt;
    return { task, answer: toAccepted(21, 'Waiting for window confirm', task, { finalPrompt, remix: true }) };
  }

  function needsModal(act: ButtonAct): boolean {
    if (act.do === 'custom-zoom' || act.do === 'inpaint') return true;
    return habits.remix && (act.do === 'vary' || act.do === 'reroll' || act.do === 'pan');
  }

  /** Keeps the id of the task that waits for its prompt. */
  function submitModal(body: Body): Submitted {
    const task = tasks.get(readText(body, 'taskId'));
    if (task === undefined) return { answer: refuse('parent-unknown') };
    if (task.status !== 'MODAL' || task.work === undefined) return { answer: refuse('no-modal') };
    const prompt = readText(body, 'prompt') || task.parent?.finalPrompt || '';
    if (prompt === '') return { answer: refuse('empty-prompt') };
    const banned = findBannedWord(prompt, habits.bannedWords);
    if (banned !== undefined) return { answer: refuse('banned', { promptEn: prompt, bannedWord: banned }) };
    if (engine.room().isFull) return { answer: refuse('queue-full') };
    const mask = readPicture(readText(body, 'maskBase64'))?.picture;
    const { work } = task;
    task.work = undefined;
    Object.assign(task, { prompt, promptEn: prompt, finalPrompt: prompt });
    return begin(task, () => work({ prompt, mask }), readText(body, 'prompt'));
  }

  /** Addresses in `result`, no task; each picture is kept as one nonetheless, so that it can be served. */
  function submitUpload(body: Body, account: number): Submitted {
    const pictures = readTexts(body, 'base64Array').map(readPicture);
    if (pictures.length === 0) return { answer: refuse('base64-empty') };
    if (pictures.includes(undefined)) return { answer: refuse('bad-base64') };
    const uploads = pictures.flatMap((picture) => {
      if (picture === undefined) return [];
      const task = createTask(account, { kind: 'upload-discord-images', action: 'UPLOAD', prompt: '' });
      task.shown = { as: 'upload', ...picture };
      const finished = { progress: '100%', finishTime: clock.now(), imageUrl: address(task) };
      engine.move(task, 'SUCCESS', finished);
      return [task];
    });
    const result = uploads.map((task) => task.imageUrl);
    const [task] = uploads;
    return { answer: toJson(200, { code: 1, description: 'success', result }), ...(task && { task }) };
  }

  function toExisted(earlier: MjTask): Submitted {
    const { status, imageUrl } = earlier;
    return { task: earlier, answer: toAccepted(21, '任务已存在', earlier, { status, imageUrl }) };
  }

  return {
    find: (id) => tasks.get(id),
    findByMessage: (messageId) => byMessage.get(messageId),
    list: () => [...tasks.values()],
    submit(kind, body, account) {
      if (kind === 'action') return submitAction(body, account);
      if (kind === 'modal') return submitModal(body);
      if (kind === 'upload-discord-images') return submitUpload(body, account);
      const order = readOrder(kind, body, habits);
      if ('refusal' in order) return { answer: order.refusal };
      if (engine.room().isFull) return { answer: refuse('queue-full') };
      const task = createTask(account, { ...order.facts, kind, state: readText(body, 'state') });
      return begin(task, () => order.work(task), order.facts.prompt);
    },
  };
}

function toAccepted(
  code: number,
  description: string,
  task: MjTask,
  properties: Record<string, unknown>,
): Answer {
  return toJson(200, { code, description, properties, result: task.id });
}
