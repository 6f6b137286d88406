import { type Answer, toJson } from '../answer.ts';
import type { Clock } from '../clock.ts';
import type { Traffic } from '../traffic.ts';
import { type Body, readText } from './bodies.ts';
import type { Gateway, Taken } from './gateway.ts';
import type { Habits } from './habits.ts';
import type { PictureHost } from './picture-host.ts';
import { toGatewayRefusal } from './refusals.ts';
import type { MjTask } from './task.ts';
import type { Upstream } from './upstream.ts';

/** What the routes ask for; `account` is the number of the key. */
export interface Service {
  submit(kind: string, body: Body, account: number): Answer;
  fetch(id: string, account: number): Answer;
  list(ids: readonly string[], account: number): Answer;
  seed(id: string, account: number): Answer;
  /** The open route of new-api, GET /mj/image/{id}. */
  image(id: string): Promise<Answer>;
  /** The picture host. */
  attachment(pathAndQuery: string): Promise<Answer>;
}

export interface ServiceParts {
  habits: Habits;
  clock: Clock;
  traffic: Traffic;
  upstream: Upstream;
  gateway: Gateway;
  host: PictureHost;
  origin(): string;
  /** A submit was accepted. */
  accepted(): void;
}

export function createService(parts: ServiceParts): Service {
  const { habits, clock, traffic, upstream, gateway, host, origin, accepted } = parts;

  function file(taken: Taken & { task: MjTask }, sent: { kind: string; body: Body; account: number }): void {
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
      parentId: readText(body, 'taskId') || undefined,
      state: readText(body, 'state') || undefined,
      chargedUsd: taken.chargedUsd,
    });
  }

  return {
    submit(kind, body, account) {
      const taken = gateway.submit(kind, body, account);
      const { answer, task } = taken;
      if (task === undefined) return answer;
      accepted();
      file({ ...taken, task }, { kind, body, account });
      if (habits.resultAs === 'string') return answer;
      return { ...answer, body: String(answer.body).replace(/"result":"(\d+)"/, '"result":$1') };
    },
    fetch: (id, account) => gateway.fetch(id, account),
    list: (ids, account) => gateway.list(ids, account),
    seed(id, account) {
      const task = upstream.find(id);
      if (task === undefined || task.account !== account) return toGatewayRefusal(4, 'task_no_found');
      // Code 4 where there is no picture to ask for (midjourney-proxy-plus, trueai); new-api writes all four fields.
      const isSeeded = task.shown !== undefined;
      const [code, description] = isSeeded ? [1, '成功'] : [4, '关联任务状态错误'];
      return toJson(200, { code, description, properties: null, result: isSeeded ? String(task.seed) : '' });
    },
    async image(id) {
      const row = gateway.row(id);
      if (row === undefined) return toJson(400, { error: 'midjourney_task_not_found' });
      if (row.imageUrl === '') return toJson(500, { error: 'http_get_image_failed' });
      const answer = await host.serve(row.imageUrl.slice(origin().length));
      if (answer.status !== 200) return toJson(answer.status, { error: String(answer.body) });
      if (habits.imageContentType === 'true') return answer;
      return { ...answer, headers: { 'content-type': 'image/jpeg' } };
    },
    attachment: (pathAndQuery) => host.serve(pathAndQuery),
  };
}
