import type { StandIn } from './stand-in.ts';

/** An answer with its text, and with its JSON where it is JSON. */
export interface ClientAnswer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are of any shape, the point of a test is to look.
  json: any;
}

/** A bare client for a stand-in of the midjourney-proxy family: for its tests, and to try it by hand. */
export interface Client {
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<ClientAnswer>;
  get(path: string, headers?: Record<string, string>): Promise<ClientAnswer>;
  /** Submits, and gives the task's id. */
  submit(kind: string, body: Record<string, unknown>): Promise<string>;
  fetch(id: string): Promise<ClientAnswer>;
  list(...ids: string[]): Promise<ClientAnswer>;
  /** Waits until clients are told that the task is over, and gives it as fetch does. */
  finished(id: string): Promise<ClientAnswer>;
}

export function createClient(standIn: StandIn, key: string = standIn.key): Client {
  async function call(path: string, init: RequestInit): Promise<ClientAnswer> {
    const response = await fetch(`${standIn.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...init.headers },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: toJson(text) };
  }

  const client: Client = {
    post: (path, body, headers = {}) =>
      call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers }),
    get: (path, headers = {}) => call(path, { method: 'GET', headers }),
    async submit(kind, body) {
      const { text, json } = await client.post(`/mj/submit/${kind}`, body);
      if (typeof json?.result !== 'string') throw new Error(`Not accepted: ${text}`);
      return json.result;
    },
    fetch: (id) => client.get(`/mj/task/${id}/fetch`),
    list: (...ids) => client.post('/mj/task/list-by-condition', { ids }),
    async finished(id) {
      await standIn.until(() => standIn.task(id)?.finishedAt !== undefined);
      standIn.refresh();
      // A modal's first row follows the second one a refresh later.
      standIn.refresh();
      return client.fetch(id);
    },
  };
  return client;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
