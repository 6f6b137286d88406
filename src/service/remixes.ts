import type { Accounts } from '../accounts/accounts.ts';
import type { Remixing } from '../accounts/remixing.ts';
import { UserError } from '../errors.ts';
import { combinePrompt } from '../prompt/combine.ts';
import { dropSpeeds, normalizePrompt } from '../prompt/compose.ts';
import type { Presets } from '../prompt/presets.ts';
import { proposeZoom, withoutZoom } from '../prompt/zoom.ts';
import type { Offer, Task, TaskRequest } from '../task.ts';
import { toPressRequest } from './press-prices.ts';

/** How a button can be pressed with another prompt. */
export type Remix =
  /** It means the same as an imagine. */
  | { readonly by: 'imagine'; readonly prompt: string }
  /** It means the same as a custom zoom, which asks for its words anyway. */
  | { readonly by: 'zoom'; readonly prompt: string; readonly offer: number }
  /** The API asks for the prompt. */
  | { readonly by: 'window'; readonly prompt: string };

/**
 * What Midjourney's own Remix mode does: 🔄, V, vary, zoom and pan ask for a prompt first. An API that can't ask may still
 * do the same in another way; for a button that it can't press with another prompt, nothing is asked.
 */
export interface Remixes {
  /** Returns how, with the prompt to propose; `undefined` if that offer only works as it is. */
  find(parent: Task, offer: Offer): Remix | undefined;
  /** Reads a window that was sent. Throws a `UserError` if its prompt can't be used with that button. */
  read(parent: Task, offer: Offer, typed: TypedRemix): Remixed;
}

export function createRemixes({
  accounts,
  remixing,
}: {
  accounts: Pick<Accounts, 'get'>;
  remixing: Pick<Remixing, 'takesPrompts'>;
}): Remixes {
  function find(parent: Task, offer: Offer): Remix | undefined {
    const { request, result, account: name } = parent;
    const prompt = dropSpeeds(request.prompt);
    const provider = accounts.get(name)?.provider;
    if (provider === undefined || offer.isLocal === true) return undefined;
    if (offer.action === 'reroll' && request.action === 'imagine' && parent.emptied === undefined)
      return provider.actions.has('imagine') ? { by: 'imagine', prompt } : undefined;
    const factor = zoomFactors[offer.action];
    if (factor !== undefined) {
      const custom = (result?.offers ?? []).findIndex(({ action }) => action === 'custom-zoom');
      return custom === -1 ? undefined : { by: 'zoom', prompt: proposeZoom(prompt, factor), offer: custom };
    }
    const canAsk = provider.canRemix?.(offer) === true && remixing.takesPrompts(name);
    return canAsk ? { by: 'window', prompt } : undefined;
  }

  return {
    find,
    read(parent, offer, { text, presets, readText }) {
      const remix = find(parent, offer);
      const typed = normalizePrompt(text);
      const own = dropSpeeds(parent.request.prompt);
      if (
        typed === '' ||
        [own, remix?.prompt].some((one) => one !== undefined && typed === normalizePrompt(one))
      )
        return { request: toRemixRequest(parent, offer, own) };
      switch (remix?.by) {
        case 'imagine':
          return { request: toImagine(parent, text, presets) };
        case 'zoom':
          return { offer: remix.offer, prompt: text === withoutZoom(text) ? addZoom(text, offer) : text };
        case 'window':
          return { request: toRemixRequest(parent, offer, readText(text, parent)) };
        default:
          throw new UserError('prompt-fixed');
      }
    },
  };
}

/** Words whose person took the zoom out get the one that the button has. */
function addZoom(text: string, { action }: Offer): string {
  return proposeZoom(text, zoomFactors[action]);
}

const zoomFactors: Readonly<Partial<Record<string, string>>> = { 'zoom-2x': '2', 'zoom-1.5x': '1.5' };

/** What a press starts, with what was typed into its window. */
export type Remixed =
  | { readonly request: TaskRequest }
  /** Another offer, whose window this is. */
  | { readonly offer: number; readonly prompt: string };

/** What a press asks for. If the API asks for the prompt, it gets this one; if it doesn't ask, the button has its own. */
function toRemixRequest(parent: Task, offer: Offer, prompt: string): TaskRequest {
  const request = toPressRequest(parent, offer);
  const remixOf = dropSpeeds(request.prompt);
  return { ...request, prompt, remixOf, ...(prompt === '' ? {} : { answer: prompt }) };
}

/** The same as the parent, with another prompt. */
function toImagine({ request }: Task, text: string, presets: Presets): TaskRequest {
  const { speed: usual, pictures, options } = request;
  const { prompt, speed } = combinePrompt({ text, pictures: pictures.length }, { presets, speed: usual });
  return { action: 'imagine', prompt, speed, pictures, ...(options === undefined ? {} : { options }) };
}

/** What was typed into a window. */
export interface TypedRemix {
  readonly text: string;
  readonly presets: Presets;
  /** Returns the text as it's sent to the API. Throws a `UserError` for one that isn't what the press costs. */
  readonly readText: (text: string, parent: Task) => string;
}
