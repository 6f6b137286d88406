import type { ProviderConfig } from '../../config.ts';
import type { Action } from '../../task.ts';
import type { Picture, ProviderRequest } from '../provider.ts';

export type RouteTable = NonNullable<ProviderConfig['routes']>;
type RouteName = keyof RouteTable['paths'];

/**
 * The paths aren't public. The published task is novicezk/midjourney-proxy's with its names in snake_case, so its routes
 * are the default (docs/api.md, SubmitController.java); PROVIDER_<NAME>_ROUTES changes them. The balance is where the
 * one-api family of gateways has it.
 */
const paths: Readonly<Record<RouteName, string>> = {
  imagine: '/mj/submit/imagine',
  upscale: '/mj/submit/change',
  variation: '/mj/submit/change',
  describe: '/mj/submit/describe',
  blend: '/mj/submit/blend',
  task: '/mj/task/{id}/fetch',
  balance: '/dashboard/billing/credit_grants',
};

export const actions = [
  'imagine',
  'upscale',
  'variation',
  'describe',
  'blend',
] as const satisfies readonly (Action & RouteName)[];

/** How to call a deployment. */
export interface Requests {
  toPath(name: RouteName, id?: string): string;
  /** Throws if the API doesn't have the action. */
  toSubmit(request: ProviderRequest): { path: string; body: Record<string, unknown> };
}

export function createRequests(routes: RouteTable | undefined): Requests {
  const spell = routes?.fields === 'snake' ? toSnakeCase : (name: string) => name;

  function toPath(name: RouteName, id = ''): string {
    return (routes?.paths[name] ?? paths[name]).replace('{id}', encodeURIComponent(id));
  }

  return {
    toPath,
    toSubmit(request) {
      const action = actions.find((known) => known === request.action);
      if (action === undefined) throw new Error(`AIGC2D has no ${request.action}`);
      const { reference, callbackUrl } = request;
      const fields = Object.entries({ ...toFields(action, request), state: reference });
      const body = Object.fromEntries(fields.map(([name, value]) => [spell(name), value]));
      if (callbackUrl !== undefined) body[routes?.callback ?? spell('notifyHook')] = callbackUrl;
      return { path: toPath(action), body };
    },
  };
}

function toFields(action: (typeof actions)[number], request: ProviderRequest): Record<string, unknown> {
  const { prompt, parent, options } = request;
  const pictures = request.pictures.map(toDataUrl);
  switch (action) {
    case 'imagine':
      return pictures.length === 0 ? { prompt } : { prompt, base64Array: pictures };
    case 'upscale':
    case 'variation':
      return { taskId: parent?.ref['id'], action: parent?.offer.token, index: parent?.offer.index };
    case 'describe':
      return { base64: pictures[0] };
    case 'blend':
      return { base64Array: pictures, dimensions: (options.dimensions ?? 'square').toUpperCase() };
  }
}

export function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toDataUrl(picture: Picture): string {
  return `data:${picture.type};base64,${picture.bytes.toString('base64')}`;
}
