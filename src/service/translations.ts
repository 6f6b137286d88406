import { type Account, type Accounts, isUsable } from '../accounts/accounts.ts';
import { type Choice, listChosen } from '../accounts/choose.ts';
import type { Clock } from '../clock.ts';
import { ProviderError, UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Policies } from '../points/policies.ts';
import { readPrompt } from '../prompt/reading.ts';
import { requirePriced } from '../prompt/scan.ts';
import { joinTranslation, splitForTranslation } from '../prompt/translation.ts';
import type { TaskRequest } from '../task.ts';
import type { StartRequest } from './presses.ts';
import type { Opened, Starts, TaskCaller, Understanding } from './start.ts';

/** Nobody waits longer for a few words. */
const translationTimeoutMs = 15_000;

/** Who wants something translated, by whom, and what they have agreed to. */
interface Wanted {
  readonly translator: Account;
  readonly caller: TaskCaller;
  readonly understanding: Pick<Understanding, 'agreement' | 'onceId'>;
}

/** How a request that is to be translated goes on: as it is, to an API that translates it itself; or once it's translated. */
export type TranslationPlan =
  | { readonly request: StartRequest; readonly start?: never }
  | { readonly request?: never; start(): Promise<Opened> };

/** Prompts in English, if their person wants that. A prompt's language is never guessed. */
export interface Translations {
  /**
   * Refuses what can't be translated or started, with a `UserError`, before anything is asked. `start` may take seconds: it
   * asks an account for the translation, checks and prices the result, and starts that. If there's no usable translation, it
   * throws `translation-failed` with a draft of the request as it was typed; nothing is charged.
   */
  plan(
    request: StartRequest,
    caller: TaskCaller,
    understanding?: Pick<Understanding, 'agreement' | 'onceId'>,
  ): Promise<TranslationPlan>;
}

export function createTranslations({
  accounts,
  choice,
  policies,
  starts,
  clock,
  log,
}: {
  accounts: Accounts;
  choice: Pick<Choice, 'foresee'>;
  policies: Pick<Policies, 'read'>;
  starts: Starts;
  clock: Pick<Clock, 'now'>;
  log: Pick<Logger, 'warn'>;
}): Translations {
  /** Who waits for a translation. It may cost the operator something, and nobody pays for it. */
  const waiting = new Set<string>();

  /** Returns the account that will probably do the work, or else the first one that can translate. */
  async function findTranslator(first: Account, book: string): Promise<Account | undefined> {
    const { accounts: names } = (await policies.read(book)).book;
    const able = [first, ...listChosen(accounts, names)].filter(canTranslate);
    return able.find((account) => isUsable(account, clock.now())) ?? able[0];
  }

  /** Returns the prompt in English; `undefined` if that failed. */
  async function translate(prompt: string, account: Account): Promise<string | undefined> {
    const parts = splitForTranslation(prompt);
    try {
      const signal = AbortSignal.timeout(translationTimeoutMs);
      const english = joinTranslation(parts, (await account.provider.translate?.(parts.words, signal)) ?? '');
      if (english === undefined)
        log.warn({ account: account.name }, 'a translation was not used, since it asks for something else');
      return english;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      log.warn({ error, account: account.name }, 'a prompt could not be translated');
      return undefined;
    }
  }

  async function start(request: TaskRequest, { translator, caller, understanding }: Wanted): Promise<Opened> {
    const english = await translate(request.prompt, translator);
    if (english === undefined) {
      const kept = await starts.keep(request, caller);
      throw new UserError('translation-failed', kept);
    }
    if (english === request.prompt) return starts.open(request, undefined, caller, {}, understanding);
    const typed = splitForTranslation(request.prompt).words;
    return starts.open({ ...request, prompt: english, typed }, undefined, caller, {}, understanding);
  }

  return {
    async plan(asked, caller, agreed = {}) {
      const { asker } = caller;
      const { overridden = [], onceId, ...request } = asked;
      const understanding = { onceId, ...agreed };
      requirePriced(request);
      await starts.requireAllowed(request, asker);
      const told = { ...understanding, overridden, isToTranslate: true };
      if (splitForTranslation(request.prompt).words === '') {
        // Corrected, these come first, and are translated then.
        if (hasWordsBehind(request.prompt)) await starts.requireSound(request, caller, told);
        return { request: asked };
      }
      const first = await choice.foresee(request, asker.book);
      if (first === undefined) return { request: asked }; // it's refused with the reason when it starts
      const byApi = { ...asked, options: { ...request.options, translate: true } };
      if (first.traits.translates === true) return { request: byApi };
      const translator = await findTranslator(first, asker.book);
      if (translator === undefined) return { request: byApi };
      await starts.requireSound(request, caller, told);
      return {
        async start() {
          if (waiting.has(asker.userId)) throw new UserError('translation-under-way');
          waiting.add(asker.userId);
          try {
            return await start(request, { translator, caller, understanding });
          } finally {
            waiting.delete(asker.userId);
          }
        },
      };
    },
  };
}

/** Whether a parameter has words behind it. */
function hasWordsBehind(prompt: string): boolean {
  return readPrompt(prompt).parameters.some(({ wordsBehind }) => wordsBehind !== '');
}

function canTranslate({ provider }: Account): boolean {
  return provider.translate !== undefined;
}
