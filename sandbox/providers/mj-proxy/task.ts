import type { View } from '../../pictures/view.ts';
import type { TaskView } from '../stand-in.ts';
import type { Fault } from '../trouble.ts';
import type { Button, Version } from './buttons.ts';
import type { Speed } from './speed.ts';

export type Status = 'NOT_START' | 'SUBMITTED' | 'MODAL' | 'IN_PROGRESS' | 'SUCCESS' | 'FAILURE' | 'CANCEL';

/** What a finished task shows. */
export type Shown =
  | { as: 'grid'; views: readonly View[] }
  | { as: 'single'; view: View; scale: number }
  /** An animated WebP: what the animate buttons make (as users of v7 see them). */
  | { as: 'clip'; view: View }
  | FilmShown
  /** A face, and the picture it goes into. */
  | { as: 'swap'; face: Buffer; target: Buffer }
  | { as: 'upload'; picture: Buffer; contentType: string };

/** MP4s: what `/submit/video` makes. */
export interface FilmShown {
  as: 'film';
  view: View;
  /** Which of the four camera moves each clip has. */
  clips: readonly number[];
  frames: number;
  /** 480 or 720, in Midjourney's pixels. */
  lines: number;
  end?: View | undefined;
  isLoop: boolean;
}

/** The upstream's work for a task; each ends in something to show, a text, or both. */
export interface Outcome {
  /** Realistic milliseconds. */
  takesMs: number;
  shown?: Shown;
  /** Text of describe and shorten, and its translation. */
  text?: { en: string; zh: string };
  buttons: readonly Button[];
  /** The prompt, if the work rewrites it (pan rewrites `--ar`). */
  finalPrompt: string;
  /** Why it fails at the end. */
  complaint?: string | undefined;
}

/** A midjourney-proxy task; its field names are those on the wire. */
export interface MjTask {
  id: string;
  kind: string;
  action: string;
  status: Status;
  progress: string;
  prompt: string;
  promptEn: string;
  description: string;
  state: string;
  submitTime: number;
  startTime: number;
  finishTime: number;
  failReason: string;
  botType: string;
  imageUrl: string;
  videoUrls: readonly string[];
  buttons: readonly Button[] | null;
  finalPrompt: string;
  finalZhPrompt: string;
  /** The address to report every change to; empty if there's none. */
  notifyHook: string;
  /** Whose key it is, by number. */
  account: number;
  parent: MjTask | undefined;
  customId: string | undefined;
  job: string;
  messageId: string;
  seed: number;
  version: Version;
  speed: Speed;
  shown: Shown | undefined;
  fault: Fault | undefined;
  /** Its modal has been answered. */
  isAnswered: boolean;
  /** The work once the modal is answered. */
  work: ((answer: { prompt: string; mask: Buffer | undefined }) => Outcome | undefined) | undefined;
}

export function toTaskView(task: MjTask): TaskView {
  const { id, kind, action, status, progress, prompt, failReason, customId, account } = task;
  return {
    id,
    kind,
    action,
    status,
    progress,
    prompt,
    failReason,
    customId,
    account,
    parentId: task.parent?.id,
    submittedAt: task.submitTime,
    finishedAt: task.finishTime === 0 ? undefined : task.finishTime,
  };
}

/** Midjourney's bot is asked about one of its own pictures, and tells the job's seed. */
export function hasSeed({ status, shown }: MjTask): boolean {
  return status === 'SUCCESS' && (shown?.as === 'grid' || shown?.as === 'single');
}

/** Names all four, as Discord's own picture names do. */
export function toPictureName(task: MjTask): string {
  const words = (task.finalPrompt || task.kind).replace(/\s--.*$/, '').replace(/[^A-Za-z0-9]+/g, '_');
  return `sandbox_${words.slice(0, 40).replace(/^_|_$/g, '')}_${task.job}`;
}
