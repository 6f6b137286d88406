import { ProviderError } from '../errors.ts';
import type { Hiding } from '../hiding.ts';
import { isData, type Media, type Update } from '../task.ts';
import type { Balance, Provider, Submitted } from './provider.ts';

/**
 * The one door for what a provider says: secrets are taken out of its reasons, texts, questions and errors before any of
 * them is stored, shown or written. Gateways echo keys, ours and those of others, and the address to call back. What is
 * sent back as it came (refs, tokens of offers) stays as it is; nobody is shown that.
 */
export function hideWords(provider: Provider, hiding: Hiding): Provider {
  const { hide } = hiding;
  const { answer, find, cancel, seed, translate, balance, readCallback } = provider;

  function guard<Args extends unknown[], Value>(
    work: (...args: Args) => Promise<Value>,
    clean: (value: Value) => Value = (value) => value,
  ) {
    return async (...args: Args): Promise<Value> => {
      try {
        return clean(await work.apply(provider, args));
      } catch (error) {
        throw error instanceof ProviderError ? hideError(error, hide) : error;
      }
    };
  }

  const submitted = (one: Submitted): Submitted => ({ ...one, update: hideUpdate(one.update, hiding) });
  const balanced = (one: Balance): Balance => ({ ...one, unit: hide(one.unit) });
  return {
    ...provider,
    submit: guard(provider.submit, submitted),
    look: guard(
      provider.look,
      (seen) => new Map([...seen].map(([key, update]) => [key, hideUpdate(update, hiding)])),
    ),
    ...(answer === undefined ? {} : { answer: guard(answer, submitted) }),
    ...(find === undefined ? {} : { find: guard(find) }),
    ...(cancel === undefined ? {} : { cancel: guard(cancel) }),
    ...(seed === undefined ? {} : { seed: guard(seed, hide) }),
    ...(translate === undefined ? {} : { translate: guard(translate, hide) }),
    ...(balance === undefined ? {} : { balance: guard(balance, balanced) }),
    ...(readCallback === undefined
      ? {}
      : {
          readCallback(body, ref) {
            const update = readCallback(body, ref);
            return update === undefined ? undefined : hideUpdate(update, hiding);
          },
        }),
  };
}

function hideUpdate(told: Update, hiding: Hiding): Update {
  const update = hideFacts(told, hiding);
  const { hide } = hiding;
  switch (update.state) {
    case 'running': {
      const { preview, unread, ...rest } = update;
      const isShown = preview !== undefined && !isPrivate(preview, hiding);
      return {
        ...rest,
        ...(isShown ? { preview } : {}),
        ...(unread === undefined ? {} : { unread: hide(unread) }),
      };
    }
    case 'asking':
      return update.prompt === undefined ? update : { ...update, prompt: hide(update.prompt) };
    case 'done': {
      const media = update.media.map((one) => hideAddress(one, hiding));
      const offers = update.offers.map((offer) =>
        offer.label === undefined ? offer : { ...offer, label: hide(offer.label) },
      );
      const text = update.text === undefined ? {} : { text: update.text.map(hide) };
      const weighed = update.weighed === undefined ? {} : { weighed: hide(update.weighed) };
      return { ...update, media, offers, ...text, ...weighed };
    }
    case 'failed':
      return {
        ...update,
        ...(update.reason === undefined ? {} : { reason: hide(update.reason) }),
        ...(update.code === undefined ? {} : { code: hide(update.code) }),
      };
  }
}

function hideFacts(update: Update, { hide }: Hiding): Update {
  const { facts } = update;
  if (facts?.promptEnglish === undefined) return update;
  return { ...update, facts: { ...facts, promptEnglish: hide(facts.promptEnglish) } };
}

function hideAddress(media: Media, hiding: Hiding): Media {
  return isPrivate(media.url, hiding) ? { ...media, isPrivate: true } : media;
}

/** An address that holds its own file has no words in it, but may have millions of letters. */
function isPrivate(url: string, { holdsKnown }: Hiding): boolean {
  return !isData(url) && holdsKnown(url);
}

function hideError(error: ProviderError, hide: Hiding['hide']): ProviderError {
  const { kind, message, reason, retryAfterMs, status, traceId, code, cause } = error;
  const { definite, isRefusal, hasOwnMarks, mayLieInRequest } = error;
  if (hide(message) === message && (reason === undefined || hide(reason) === reason)) return error;
  return new ProviderError(kind, hide(message), {
    definite,
    isRefusal,
    hasOwnMarks,
    mayLieInRequest,
    ...(reason === undefined ? {} : { reason: hide(reason) }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === undefined ? {} : { status }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined ? {} : { cause }),
  });
}
