import type { Payload } from '../multipart.ts';

/** A request on its way to a route. */
export interface Call extends Payload {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface Answer {
  readonly status: number;
  readonly body?: object;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `:name` stands for one segment. */
  readonly path: string;
  /** Interaction callbacks and webhooks are authorized only by the token in their path. */
  readonly isOpen?: boolean;
  /** Runs without interruption, so two requests never see each other half done. Throws a `Refusal`. */
  handle(call: Call): Answer;
}

export const NOTHING: Answer = { status: 204 };

export function ok(body: object): Answer {
  return { status: 200, body };
}

export type FindRoute = (
  method: string,
  path: string,
) => { route: Route; params: Record<string, string> } | undefined;

export function createRouter(routes: readonly Route[]): FindRoute {
  const byShape = new Map<string, { route: Route; segments: string[] }[]>();
  for (const route of routes) {
    const segments = route.path.split('/');
    const shape = `${route.method} ${segments[1]} ${segments.length}`;
    byShape.set(shape, [...(byShape.get(shape) ?? []), { route, segments }]);
  }
  return (method, path) => {
    const actual = path.split('/');
    const candidates = byShape.get(`${method} ${actual[1]} ${actual.length}`) ?? [];
    for (const { route, segments } of candidates) {
      if (!segments.every((segment, index) => segment.startsWith(':') || segment === actual[index])) continue;
      const params: Record<string, string> = {};
      for (const [index, segment] of segments.entries()) {
        if (segment.startsWith(':')) params[segment.slice(1)] = actual[index] ?? '';
      }
      return { route, params };
    }
    return undefined;
  };
}
