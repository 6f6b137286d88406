import { type Answer, toJson } from '../answer.ts';
import type { Clock } from '../clock.ts';
import type { Traffic } from '../traffic.ts';
import { readParentId, readText } from './bodies.ts';
import type { Front, Submission, Taken } from './front.ts';
import type { Habits } from './habits.ts';
import type { PictureHost } from './picture-host.ts';
import type { MjTask } from './task.ts';

/** What the routes ask for; `account` is the number of the key. */
export interface Service extends Pick<Front, 'fetch' | 'list' | 'latest' | 'seed' | 'cancel'> {
  submit(submission: Submission): Answer;
  /** The open route of new-api, GET /mj/image/{id}. */
  image(id: string): Promise<Answer>;
  /** The picture host. */
  attachment(pathAndQuery: string): Promise<Answer>;
}

export interface ServiceParts {
  habits: Habits;
  clock: Clock;
  traffic: Traffic;
  front: Front;
  host: PictureHost;
  /** A submit was accepted. */
  accepted(): void;
}

export function createService(parts: ServiceParts): Service {
  const { habits, clock, traffic, front, host, accepted } = parts;

  function file(taken: Taken & { task: MjTask }, sent: Submission): void {
    const { kind, body, account } = sent;
    traffic.accept({
      at: clock.now(),
      kind,
      taskId: taken.task.id,
      account,
      body,
      forwarded: taken.forwarded,
      prompt: readText(body, 'prompt') || undefined,
      customId: readText(body, 'customId') || undefined,
      parentId: readParentId(body) || undefined,
      state: readText(body, 'state') || undefined,
      chargedUsd: taken.chargedUsd,
    });
  }

  return {
    submit(submission) {
      const taken = front.submit(submission);
      const { answer, task } = taken;
      if (task === undefined) return answer;
      accepted();
      file({ ...taken, task }, submission);
      if (habits.resultAs === 'string') return answer;
      return { ...answer, body: String(answer.body).replace(/"result":"(\d+)"/, '"result":$1') };
    },
    fetch: front.fetch,
    list: front.list,
    latest: front.latest,
    seed: front.seed,
    cancel: front.cancel,
    async image(id) {
      const row = front.row(id);
      if (row === undefined) return toJson(400, { error: 'midjourney_task_not_found' });
      if (row.imageUrl === '') return toJson(500, { error: 'http_get_image_failed' });
      const { pathname, search } = new URL(row.imageUrl);
      const answer = await host.serve(pathname + search);
      if (answer.status !== 200) return toJson(answer.status, { error: String(answer.body) });
      if (habits.imageContentType === 'true') return answer;
      return { ...answer, headers: { 'content-type': 'image/jpeg' } };
    },
    attachment: (pathAndQuery) => host.serve(pathAndQuery),
  };
}
