import type { Answer, Body } from '../answer.ts';
import type { GatewayRow } from './rows.ts';
import type { Speed } from './speed.ts';
import type { MjTask } from './task.ts';

export interface Submission {
  kind: string;
  body: Body;
  /** The number of the key. */
  account: number;
  /** What the path asks for. */
  speed: Speed | undefined;
}

/** The outcome of a submit; with a task if one was accepted. */
export interface Taken {
  answer: Answer;
  task?: MjTask;
  /** The part of the body that the proxy got. */
  forwarded: Body;
  chargedUsd: number;
}

/** What clients talk to: a new-api, or the proxy's own controllers. */
export interface Front {
  submit(submission: Submission): Taken;
  fetch(id: string, account: number): Answer;
  list(ids: readonly string[], account: number): Answer;
  /** GET /mj/task/list. */
  latest(account: number): Answer;
  seed(id: string, account: number): Answer;
  cancel(id: string, account: number): Answer;
  /** What an open picture route knows about an id. */
  row(id: string): Pick<GatewayRow, 'imageUrl'> | undefined;
  /** Does what is due by the clock; returns the ids of the tasks it looked at. */
  refresh(): string[];
  /** Whether the next refresh has something to do although nothing changes. */
  hasMoreToRefresh(): boolean;
  /** The proxy moved a task. */
  changed(task: MjTask): void;
}
