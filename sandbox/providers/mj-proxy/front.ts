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

/** What became of a submit; a task where one was taken. */
export interface Taken {
  answer: Answer;
  task?: MjTask;
  /** What the proxy got of the body. */
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
  /** What an open picture route knows of an id. */
  row(id: string): Pick<GatewayRow, 'imageUrl'> | undefined;
  /** Does what is due by the clock; gives the ids of the tasks it looked at. */
  refresh(): string[];
  /** Whether the next beat has something to do although nothing changes any more. */
  hasMoreToRefresh(): boolean;
  /** The proxy moved a task. */
  changed(task: MjTask): void;
}
