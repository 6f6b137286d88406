import { randomBytes } from 'node:crypto';
import type { Accounts } from '../accounts/accounts.ts';
import type { Choice } from '../accounts/choose.ts';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { EarlyCheck } from '../inputs/early-check.ts';
import type { Logger } from '../log.ts';
import { mostUnasked } from '../points/agreement.ts';
import { decideTask, type Terms } from '../points/bookings.ts';
import type { Policies } from '../points/policies.ts';
import { type Asker, allowanceOf } from '../points/policy.ts';
import { findGuess, type Priced, priceOf } from '../points/prices.ts';
import { toSent, withSuffix } from '../prompt/hidden-suffix.ts';
import { findDearer } from '../prompt/references.ts';
import { requirePriced } from '../prompt/scan.ts';
import { inputFormOf } from '../providers/provider.ts';
import { speedOf } from '../providers/speeds.ts';
import type { Database } from '../storage/database.ts';
import {
  type Adjustment,
  type Origin,
  queueTimeoutMs,
  type Speed,
  type Task,
  type TaskRequest,
} from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import { createConsent, type Lineage, type Prospect } from './consent.ts';
import { type Drafts, toDraftPlace } from './drafts.ts';
import { createRelaxOffer } from './relax-offer.ts';
import { type OverriddenOption, readWording } from './wording.ts';

export interface Opened {
  readonly task: Task;
  /** False if Discord delivered the same interaction again. */
  readonly isNew: boolean;
}

/** Who asks for a task, and where the answer goes. */
export interface TaskCaller {
  readonly asker: Asker;
  readonly origin: Origin;
}

/** A price that its person was told and agreed to, by the draft that asked them. */
export interface Agreement {
  readonly id: string;
  readonly price: number;
  /** Whether it may not cost less either, since they're told the new price first. */
  readonly isExact?: boolean | undefined;
  /** Whether they want it sent as it is, although something in it is doubtful. */
  readonly isAsWritten?: boolean | undefined;
}

/** What its person has agreed to, and what they still have to be told. */
export interface Understanding {
  readonly agreement?: Agreement;
  readonly overridden?: readonly OverriddenOption[];
  /** Whether the words are translated before anything starts. */
  readonly isToTranslate?: boolean;
  /** For a press: the speed whose price its button says. */
  readonly usualSpeed?: Speed;
  /** The draft that it comes from: one draft starts one task. An agreement has its own. */
  readonly onceId?: string | undefined;
}

/** How tasks begin: read once more exactly as they'll be sent, priced, charged, and saved, or refused with a `UserError`. */
export interface Starts {
  /**
   * Starts a task at that account; at the best one for it if `undefined`. If something in its words won't work, or may not,
   * it's kept as a draft, and refused with `prompt-doubtful`; if it costs much of what the person has, or more than at the
   * speed that they chose, or nobody says what it costs, with `price-unconfirmed` until they agree. One agreement starts one
   * task.
   */
  open(
    request: TaskRequest,
    account: string | undefined,
    caller: TaskCaller,
    lineage?: Lineage,
    understanding?: Understanding,
  ): Promise<Opened>;
  /** Returns what a request would cost in a book now, at that account if one is named; `undefined` if it would be refused. */
  quote(request: TaskRequest, book: string, named?: string): Promise<number | undefined>;
  /** Tells the person of a new task, as `open` does, what won't work in its words, or may not. */
  requireSound(request: TaskRequest, caller: TaskCaller, understanding: Understanding): Promise<void>;
  /** Keeps a request as a draft that its person can start with one press, for what it costs now. */
  keep(request: TaskRequest, caller: TaskCaller): Promise<{ draft: string; price: number }>;
  /** Refuses early what `open` would refuse; `open` has the last word. */
  requireAllowed(
    request: Priced & Partial<TaskRequest>,
    asker: Asker,
    account?: string | undefined,
    lineage?: Lineage,
  ): Promise<void>;
}

export interface StartsDependencies {
  database: Database;
  changes: Changes;
  accounts: Accounts;
  choice: Choice;
  policies: Policies;
  drafts: Pick<Drafts, 'keep'>;
  checkInputs: EarlyCheck;
  clock: Clock;
  log: Logger;
}

export function createStarts(dependencies: StartsDependencies): Starts {
  const { database, changes, accounts, choice, policies, drafts, checkInputs, clock, log } = dependencies;
  const consent = createConsent(dependencies);
  const offerRelax = createRelaxOffer({ consent, quote: quoteIfPossible });

  /** Throws a `UserError` if the account is no longer configured, or can't do it. */
  function keepAt(name: string, request: TaskRequest): readonly Adjustment[] {
    const account = accounts.get(name);
    if (account === undefined) throw new UserError('account-gone');
    if (!account.provider.actions.has(request.action)) throw new UserError('action-unavailable');
    return choice.keep(toSent(request), account).adjustments;
  }

  /** Returns the account, and what its API makes of the words. A copy isn't sent anywhere, so nothing is adjusted. */
  async function assign(
    request: TaskRequest,
    named: string | undefined,
    book: string,
  ): Promise<{ account: string; adjustments: readonly Adjustment[] }> {
    if (named === undefined) {
      const { account, adjustments } = await choice.choose(toSent(request), book);
      return { account: account.name, adjustments };
    }
    return { account: named, adjustments: request.copyOf === undefined ? keepAt(named, request) : [] };
  }

  async function withSuffixOf(request: TaskRequest, book: string): Promise<TaskRequest> {
    return withSuffix(request, (await policies.read(book)).book.suffix);
  }

  /** Returns the price in points; 0 if no account can do it, which is refused elsewhere. */
  function priceAt(name: string | undefined, request: Priced & { hidden?: string }): number {
    const account = accounts.get(name ?? '');
    return account === undefined ? 0 : priceOf(account.prices, toSent(request));
  }

  /** Tells the person what won't work in the words, or may not. What has no price is refused, corrected or not. */
  async function checkWords(
    { foreseen, ...prospect }: Omit<Prospect, 'price' | 'speed' | 'guess'> & { foreseen: string | undefined },
    terms: Terms,
    { agreement, overridden, isToTranslate = false }: Understanding,
  ): Promise<void> {
    const { request, named } = prospect;
    const { book } = terms.asker;
    // If no account takes the words as they are, the first one may take them corrected.
    const account = foreseen ?? named ?? (await choice.foresee(toSent(request), book))?.name;
    const { kind } = accounts.get(account ?? '') ?? {};
    const { findings, corrected, isSendable } = readWording(request, kind, overridden);
    if (findings.length === 0 || (agreement?.isAsWritten === true && isSendable)) return;
    requirePriced(toSent(corrected));
    const isChanged = corrected.prompt !== request.prompt || corrected.speed !== request.speed;
    await consent.askAboutWords(
      { ...prospect, request: corrected, ...(await quote(corrected, named, book)) },
      terms,
      {
        findings,
        request,
        isToTranslate,
        price: isSendable && isChanged ? (await quoteIfPossible(request, named, book))?.price : undefined,
      },
    );
  }

  /** Returns what a request would cost, and its speed. Throws a `UserError` if no account takes it. */
  async function quote(request: TaskRequest, named: string | undefined, book: string) {
    const { account, adjustments } = await assign(request, named, book);
    const used = { ...request, speed: speedOf(request, adjustments) };
    return { price: priceAt(account, used), speed: used.speed, guess: findGuessAt(account, used) };
  }

  /** The same; `undefined` if it would be refused. */
  async function quoteIfPossible(request: TaskRequest, named: string | undefined, book: string) {
    try {
      requirePriced(toSent(request));
      return await quote(request, named, book);
    } catch (error) {
      toRefusal(error);
      return undefined;
    }
  }

  /** Returns the account for words with nothing wrong in them. */
  async function assignSound(
    prospect: Omit<Prospect, 'price' | 'speed' | 'guess'>,
    terms: Terms,
    understanding: Understanding,
  ) {
    const { request, named } = prospect;
    const assigned = await assign(request, named, terms.asker.book).catch(toRefusal);
    const foreseen = assigned instanceof UserError ? undefined : assigned.account;
    await checkWords({ ...prospect, foreseen }, terms, understanding);
    if (assigned instanceof UserError) throw assigned;
    return assigned;
  }

  /** Whether it costs more than at the speed that was asked for, or more than its button says. */
  function isDearerThanSaid({ account, price, request }: Task, asked: TaskRequest, usual?: Speed): boolean {
    const { offer, copyOf, prompt, remixOf = prompt } = asked;
    if (offer === undefined) return price > priceAt(account, asked);
    const speed = usual === undefined || usual === asked.speed ? request.speed : usual;
    return copyOf === undefined && price > priceAt(account, { ...asked, speed, prompt: remixOf });
  }

  /** What nobody says the price of there. People see the price of a button, with its own words, before they press it. */
  function findGuessAt(name: string, request: TaskRequest): Prospect['guess'] {
    const account = accounts.get(name);
    const { offer, copyOf, prompt, remixOf = prompt } = request;
    const isTold = copyOf !== undefined || (offer !== undefined && findDearer(prompt, remixOf) === undefined);
    return account === undefined || isTold ? undefined : findGuess(account.prices, toSent(request));
  }

  async function mayCharge({ price }: Task, { settings, asker }: Terms): Promise<boolean> {
    const { allowance } = allowanceOf(settings, asker);
    const granted = allowance > 0 ? 0 : await database.ledger.grantBalance(asker.book, asker.userId);
    return price <= mostUnasked({ allowance, granted });
  }

  return {
    async open(asked, named, { asker, origin }, lineage = {}, understanding = {}) {
      const { agreement } = understanding;
      const onceId = agreement?.id ?? understanding.onceId;
      const isCopy = asked.copyOf !== undefined;
      const terms = { settings: await policies.read(asker.book), asker };
      const request = withSuffix(asked, terms.settings.book.suffix);
      const prospect = { request, named, origin, lineage };
      const isAsWritten = agreement?.isAsWritten === true;
      const { account, adjustments } = await assignSound(prospect, terms, understanding).catch(
        async (error: unknown) => {
          await offerRelax(toRefusal(error), prospect, { terms, isAsWritten });
          throw error;
        },
      );
      const used = { ...request, speed: speedOf(request, adjustments) };
      requirePriced(toSent(used));
      const traits = accounts.get(account)?.traits;
      if (!isCopy) await checkInputs(used, asker.userId, traits && inputFormOf(traits, used));
      const now = clock.now();
      const task: Task = {
        id: onceId ?? randomBytes(12).toString('base64url'),
        revision: 1,
        state: 'queued',
        request: used,
        account,
        origin,
        price: isCopy ? 0 : priceAt(account, used),
        createdAt: now,
        deadlineAt: now + queueTimeoutMs,
        ...(adjustments.length === 0 ? {} : { adjustments }),
        ...lineage,
      };
      const guess = findGuessAt(account, used);
      const isAgreed =
        agreement === undefined
          ? guess === undefined &&
            !isDearerThanSaid(task, request, understanding.usualSpeed) &&
            (await mayCharge(task, terms))
          : isCovered(task.price, agreement);
      const told = { ...prospect, price: task.price, speed: used.speed, guess };
      if (!isAgreed) await consent.askForPrice(told, terms, isAsWritten);
      const current = { ...terms, settings: await policies.read(asker.book) }; // checking pictures takes seconds
      const opened = await changes.open(task, current, { isOnce: onceId !== undefined });
      const facts = { taskId: opened.task.id, account, action: request.action };
      if (opened.isNew) log.info(facts, 'charged and queued');
      return opened;
    },
    quote: async (request, book, named) =>
      (await quoteIfPossible(await withSuffixOf(request, book), named, book))?.price,
    async requireSound(asked, { asker, origin }, understanding) {
      const request = await withSuffixOf(asked, asker.book);
      const terms = { settings: await policies.read(asker.book), asker };
      await assignSound({ request, named: undefined, origin, lineage: {} }, terms, understanding);
    },
    async keep(asked, { asker, origin }) {
      const request = await withSuffixOf(asked, asker.book);
      const { account, adjustments } = await assign(request, undefined, asker.book);
      const price = priceAt(account, { ...request, speed: speedOf(request, adjustments) });
      const draft = { kind: 'price', request, price, ...toDraftPlace(origin.place) } as const;
      return { draft: await drafts.keep(origin.userId, draft), price };
    },
    async requireAllowed(request, asker, named, lineage = {}) {
      const whole = await withSuffixOf({ prompt: '', ...request, pictures: [] }, asker.book);
      const account = named ?? (await choice.foresee(toSent(whole), asker.book))?.name;
      const adjustments = named === undefined ? [] : keepAt(named, whole);
      const used = { ...whole, speed: speedOf(whole, adjustments) };
      const terms = { settings: await policies.read(asker.book), asker };
      const price = priceAt(account, used);
      const decision = await decideTask(database, terms, {
        price,
        now: clock.now(),
        work: { action: used.action, speed: used.speed, ...lineage },
      });
      if (!decision.isAllowed) throw decision.refusal;
    },
  };
}

function isCovered(price: number, agreement: Agreement): boolean {
  return agreement.isExact === true ? price === agreement.price : price <= agreement.price;
}

/** Throws what isn't a refusal. */
function toRefusal(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}
