import type { MjProxyStandIn } from './mj-proxy/stand-in.ts';

/** An answer with its text, and its JSON if it is JSON. */
export interface ClientAnswer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are of any shape, the point of a test is to look.
  json: any;
}

/** A bare client for a stand-in of the midjourney-proxy family, for tests and for trying it by hand. */
export interface Client {
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<ClientAnswer>;
  get(path: string, headers?: Record<string, string>): Promise<ClientAnswer>;
  /** Submits, and returns the task's id, digit for digit. */
  submit(kind: string, body: Record<string, unknown>): Promise<string>;
  fetch(id: string): Promise<ClientAnswer>;
  list(...ids: string[]): Promise<ClientAnswer>;
  /** Waits until clients are told that the task is over, and returns it as fetch does. */
  finished(id: string): Promise<ClientAnswer>;
}

/** `prefix` comes before `/mj/`, as in `/mj-fast`; `post` and `get` still take whole paths. */
export function createClient(standIn: MjProxyStandIn, key: string = standIn.key, prefix = ''): Client {
  const keys: Record<string, string> =
    standIn.habits.auth === 'bearer' ? { authorization: `Bearer ${key}` } : { 'mj-api-secret': key };

  async function call(path: string, init: RequestInit): Promise<ClientAnswer> {
    const response = await fetch(`${standIn.url}${path}`, {
      ...init,
      headers: { ...keys, 'content-type': 'application/json', ...init.headers },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: toJson(text) };
  }

  const client: Client = {
    post: (path, body, headers = {}) =>
      call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers }),
    get: (path, headers = {}) => call(path, { method: 'GET', headers }),
    async submit(kind, body) {
      const { text } = await client.post(`${prefix}/mj/submit/${kind}`, body);
      const id = /"result":"?(\d+)"?/.exec(text)?.[1];
      if (id === undefined) throw new Error(`Not accepted: ${text}`);
      return id;
    },
    fetch: (id) => client.get(`${prefix}/mj/task/${id}/fetch`),
    list: (...ids) => client.post(`${prefix}/mj/task/list-by-condition`, { ids }),
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
