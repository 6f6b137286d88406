import { type Body, toJson } from '../answer.ts';
import { readParentId, readPicture, readText } from './bodies.ts';
import { type ButtonAct, parseCustomId, toAction } from './custom-id.ts';
import { refuseAs } from './dialect.ts';
import type { Engine } from './engine.ts';
import { extendFilm, isLongest } from './films.ts';
import type { Submission } from './front.ts';
import type { Habits } from './habits.ts';
import { readBatch } from './orders.ts';
import { findRefusedWord, readLine } from './prompt.ts';
import { chooseSpeed } from './speed.ts';
import type { NewTask, Submitted } from './submitted.ts';
import type { MjTask, Outcome } from './task.ts';
import { imagine, press } from './work.ts';

/** What can be done with a finished task. */
export interface FollowUps {
  /** A button. */
  act(submission: Submission): Submitted;
  /** The answer to the modal that a button opened. */
  answer(submission: Submission): Submitted;
  /** A letter and a number, in the Java original. */
  change(submission: Submission): Submitted;
  /** An extension of one clip of a video. */
  extend(submission: Submission): Submitted;
}

export interface FollowUpParts {
  habits: Habits;
  engine: Engine;
  tasks: ReadonlyMap<string, MjTask>;
  createTask(facts: NewTask): MjTask;
  begin(task: MjTask, work: () => Outcome | undefined, ownPrompt?: string): Submitted;
  /** Code 1. */
  accept(task: MjTask): Submitted;
  /** A code other than 1. */
  tell(task: MjTask, said: { code: number; description: string; properties: object }): Submitted;
}

export function createFollowUps({
  habits,
  engine,
  tasks,
  createTask,
  begin,
  accept,
  tell,
}: FollowUpParts): FollowUps {
  function act(submission: Submission): Submitted {
    const { body, account } = submission;
    // Compared as it came: a trimmed id would be another one.
    const customId = typeof body['customId'] === 'string' ? body['customId'] : '';
    const parent = tasks.get(readText(body, 'taskId'));
    if (parent === undefined) return { answer: refuseAs(habits, 'parent-unknown') };
    if (parent.status !== 'SUCCESS') return { answer: refuseAs(habits, 'parent-unfinished') };
    const isMore = habits.moreButtons.some((button) => idOf(button) === customId);
    const pressed: ButtonAct = isMore ? { do: 'vary', tile: 0, strength: 'button' } : parseCustomId(customId);
    const hasButton = (parent.buttons ?? []).some((button) => idOf(button) === customId);
    if (pressed.do === 'unknown' || !hasButton) return { answer: refuseAs(habits, 'button-unknown') };
    const earlier = [...tasks.values()].find((task) => task.parent === parent && task.customId === customId);
    const isRepeated = pressed.do === 'pick' && earlier !== undefined;
    if (isRepeated && habits.repeatedPick === 'existed') return tellExisted(earlier);
    const wantsWindow = wantsRemix(body, pressed);
    if (wantsWindow && !habits.remix && !habits.remixOnRequest)
      return { answer: refuseAs(habits, 'remix-off') };
    const asksFirst = wantsWindow || needsModal(pressed) || (isMore && customId.includes('window'));
    if (!asksFirst && engine.room().isFull) return { answer: refuseAs(habits, 'queue-full') };
    const windowPrompt = toWindowPrompt(parent, pressed);
    const facts = {
      kind: 'action',
      action: toAction(pressed),
      prompt: windowPrompt || parent.finalPrompt,
      state: readText(body, 'state'),
      notifyHook: readText(body, 'notifyHook'),
      account,
      speed: chooseSpeed(submission, parent),
      parent,
      customId,
      version: parent.version,
    } as const;
    if (pressed.do === 'read-all') return imagineAll(facts);
    const task = createTask(facts);
    if ((isRepeated && habits.repeatedPick === 'silent') || waitsForever(pressed))
      task.fault = { do: 'stall' };
    if (isMore && customId.includes('nothing')) return begin(task, makeNothing);
    if (!asksFirst) return begin(task, () => press(task, pressed, { prompt: '', mask: undefined }));
    task.work = (answer) => press(task, pressed, answer);
    return open(task, windowPrompt);
  }

  /** A task for each of the prompts; the answer names all of them (trueai TaskService.cs, SubmitAction). */
  function imagineAll(facts: NewTask & { parent: MjTask }): Submitted {
    if (habits.flavour !== 'trueai') return { answer: refuseAs(habits, 'button-unknown') };
    const all = [1, 2, 3, 4].map((line) => {
      const prompt = readLine(facts.parent.finalPrompt, line);
      const task = createTask({ ...facts, prompt, state: `${facts.state}::${line}` });
      begin(task, () => imagine(task, prompt), prompt);
      return task;
    });
    const result = all.map(({ id }) => id).join(',');
    const [task] = all;
    return { answer: toJson(200, { code: 1, description: '成功', result }), ...(task && { task }) };
  }

  function needsModal({ do: what }: ButtonAct): boolean {
    if (what === 'custom-zoom' || what === 'inpaint' || what === 'read') return true;
    return habits.remix && habits.flavour !== 'java' && isRemixed(what);
  }

  function wantsRemix(body: Body, { do: what }: ButtonAct): boolean {
    return habits.flavour === 'trueai' && body['enableRemix'] === true && isRemixed(what);
  }

  /** The Java original has no windows: with Remix on, it waits for a message that never comes (novicezk#150). */
  function waitsForever({ do: what }: ButtonAct): boolean {
    return habits.remix && habits.flavour === 'java' && isRemixed(what);
  }

  function open(task: MjTask, finalPrompt: string): Submitted {
    engine.move(task, 'MODAL');
    if (habits.modalAnswer === 'words')
      return tell(task, { code: 21, description: '窗口等待', properties: {} });
    const properties = { finalPrompt, remix: true };
    return tell(task, { code: 21, description: 'Waiting for window confirm', properties });
  }

  /** Keeps the id of the task that waits for its prompt. */
  function answer({ body }: Submission): Submitted {
    const id = habits.modalIdFields.map((field) => readText(body, field)).find((text) => text !== '');
    if (id === undefined) return { answer: refuseAs(habits, 'bad-parameters') };
    const task = tasks.get(id);
    if (task === undefined) return { answer: refuseAs(habits, 'parent-unknown') };
    if (task.isAnswered && habits.repeatedModal === 'taken') return accept(task);
    if (task.status !== 'MODAL' || task.work === undefined) return { answer: refuseAs(habits, 'no-modal') };
    const prompt = readText(body, 'prompt') || task.finalPrompt;
    if (prompt === '') return { answer: refuseAs(habits, 'empty-prompt') };
    const bannedWord = findRefusedWord(prompt, habits);
    if (bannedWord !== undefined) {
      return { answer: refuseAs(habits, 'banned', { promptEn: prompt, bannedWord }) };
    }
    if (engine.room().isFull) return { answer: refuseAs(habits, 'queue-full') };
    const mask = readPicture(readText(body, 'maskBase64'))?.picture;
    const { work } = task;
    Object.assign(task, { prompt, promptEn: prompt, finalPrompt: prompt, work: undefined, isAnswered: true });
    return begin(task, () => work({ prompt, mask }), readText(body, 'prompt'));
  }

  function change(submission: Submission): Submitted {
    const { body } = submission;
    const parent = tasks.get(readText(body, 'taskId'));
    const part = toButtonPart(body);
    const button = parent?.buttons?.find(({ customId }) => part !== undefined && customId.includes(part));
    if (part === undefined) return { answer: refuseAs(habits, 'bad-parameters') };
    return act({ ...submission, body: { ...body, customId: button?.customId ?? '' } });
  }

  /** `action: extend`, `index` 0 to 3 (trueai SubmitVideoDTO.cs); docs.yutoai.net writes it as text. */
  function extend(submission: Submission): Submitted {
    const { body, account } = submission;
    const parent = tasks.get(readParentId(body));
    if (parent === undefined) return { answer: refuseAs(habits, 'parent-unknown') };
    if (parent.status !== 'SUCCESS') return { answer: refuseAs(habits, 'parent-unfinished') };
    const { shown } = parent;
    const clip = shown?.as === 'film' ? shown.clips[Number(body['index'] ?? Number.NaN)] : undefined;
    if (shown?.as !== 'film' || clip === undefined || isLongest(shown))
      return { answer: refuseAs(habits, 'validation') };
    const prompt = readText(body, 'prompt');
    if (prompt === '' && habits.videoNeedsWords) return { answer: refuseAs(habits, 'empty-prompt') };
    const clips = readBatch(body);
    if (clips === undefined) return { answer: refuseAs(habits, 'validation') };
    if (engine.room().isFull) return { answer: refuseAs(habits, 'queue-full') };
    const task = createTask({
      kind: 'video',
      action: 'VIDEO_EXTEND',
      prompt,
      state: readText(body, 'state'),
      notifyHook: readText(body, 'notifyHook'),
      account,
      speed: chooseSpeed(submission, parent),
      parent,
    });
    return begin(task, () => extendFilm(task, { ...shown, clips: [clip] }, prompt, clips), prompt);
  }

  function tellExisted(earlier: MjTask): Submitted {
    const { status, imageUrl } = earlier;
    return habits.existedAnswer === 'with-picture'
      ? tell(earlier, { code: 21, description: '任务已存在', properties: { status, imageUrl } })
      : tell(earlier, { code: 21, description: '已存在', properties: {} });
  }

  return { act, answer, change, extend };
}

/** As a bookmark does. */
function makeNothing(): Outcome {
  return { takesMs: 1_000, buttons: [], finalPrompt: '' };
}

/** Of a button in any form. */
function idOf(button: unknown): unknown {
  return (button as { customId?: unknown } | null)?.customId;
}

function isRemixed(what: ButtonAct['do']): boolean {
  return what === 'vary' || what === 'reroll' || what === 'pan';
}

/** What the modal shows before anybody types. */
function toWindowPrompt(parent: MjTask, act: ButtonAct): string {
  if (act.do === 'inpaint') return '';
  return act.do === 'read' ? readLine(parent.finalPrompt, act.line) : parent.finalPrompt;
}

/** The part of a customId that means the same as `{action: 'UPSCALE', index: 2}` (SubmitChangeDTO.java). */
function toButtonPart(body: Body): string | undefined {
  const index = Number(body['index'] ?? 1);
  const parts: Record<string, string> = {
    UPSCALE: `::upsample::${index}::`,
    VARIATION: `::variation::${index}::`,
    REROLL: '::reroll::0::',
  };
  return parts[readText(body, 'action')];
}
