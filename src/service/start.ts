import { randomBytes } from 'node:crypto';
import type { Accounts } from '../accounts/accounts.ts';
import type { Choice } from '../accounts/choose.ts';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { EarlyCheck } from '../inputs/early-check.ts';
import type { Logger } from '../log.ts';
import { mostUnasked } from '../points/agreement.ts';
import { decideTask, readStatement, type Terms } from '../points/bookings.ts';
import type { Policies } from '../points/policies.ts';
import { type Asker, allowanceOf } from '../points/policy.ts';
import { type Priced, priceOf } from '../points/prices.ts';
import { requireRanges } from '../prompt/ranges.ts';
import { requirePriced } from '../prompt/scan.ts';
import { speedOf } from '../providers/speeds.ts';
import type { Database } from '../storage/database.ts';
import { type Adjustment, type Origin, queueTimeoutMs, type Task, type TaskRequest } from '../task.ts';
import { type Changes, refuseSecondPress } from '../tasks/changes.ts';
import type { Drafts } from './drafts.ts';

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

/** Where a follow-up comes from: the task, the number of the offer, and the message whose button was pressed. */
export type Lineage = Partial<Pick<Task, 'parentId' | 'parentOffer' | 'parentMessageId'>>;

/** A price that its person was told and agreed to, by the draft that asked them. */
export interface Agreement {
  readonly id: string;
  readonly price: number;
}

/** How tasks begin: read once more exactly as they'll be sent, priced, charged, and saved, or refused with a `UserError`. */
export interface Starts {
  /**
   * Starts a task at that account; at the best one for it if `undefined`. If it costs much of what the person has, or more
   * than at the speed that they chose, it's kept as a draft, and refused with `price-unconfirmed` until they agree; one
   * agreement starts one task.
   */
  open(
    request: TaskRequest,
    account: string | undefined,
    caller: TaskCaller,
    lineage?: Lineage,
    agreement?: Agreement,
  ): Promise<Opened>;
  /** Keeps a request as a draft that its person can start with one press, for what it costs now. */
  keep(request: TaskRequest, caller: TaskCaller): Promise<{ draft: string; price: number }>;
  /** Refuses early what `open` would refuse; `open` has the last word. */
  requireAllowed(
    request: Priced & Partial<TaskRequest>,
    asker: Asker,
    account?: string | undefined,
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

  /** Throws a `UserError` if the account is no longer configured, or can't do it. */
  function keepAt(name: string, request: TaskRequest): readonly Adjustment[] {
    const account = accounts.get(name);
    if (account === undefined) throw new UserError('account-gone');
    if (!account.provider.actions.has(request.action)) throw new UserError('action-unavailable');
    return choice.keep(request, account).adjustments;
  }

  /** Returns the account, and what its API makes of the words. A copy isn't sent anywhere, so nothing is adjusted. */
  async function assign(
    request: TaskRequest,
    named: string | undefined,
    book: string,
  ): Promise<{ account: string; adjustments: readonly Adjustment[] }> {
    if (named === undefined) {
      const { account, adjustments } = await choice.choose(request, book);
      return { account: account.name, adjustments };
    }
    return { account: named, adjustments: request.copyOf === undefined ? keepAt(named, request) : [] };
  }

  /** Returns the price in points; 0 if no account can do it, which is refused elsewhere. */
  function priceAt(name: string | undefined, request: Priced): number {
    const account = accounts.get(name ?? '');
    return account === undefined ? 0 : priceOf(account.prices, request);
  }

  /** Refuses what the person may not start anyway; otherwise tells them the price, and what they have. */
  async function askForAgreement(
    task: Task,
    { request, account }: { request: TaskRequest; account: string | undefined },
    terms: Terms,
  ): Promise<never> {
    const { price, origin, parentId, parentOffer, parentMessageId } = task;
    await refuseSecondPress(database, task);
    const decision = await decideTask(database, terms, { price, now: clock.now() });
    if (!decision.isAllowed) throw decision.refusal;
    const { left } = await readStatement(database, terms, clock.now());
    const { channelId, isOpenToBot } = origin.place;
    const lineage = { parentId, parentOffer, parentMessageId };
    const draft = {
      kind: 'price',
      request,
      price,
      channelId,
      isOpenToBot,
      account,
      ...lineage,
    } as const;
    const id = await drafts.keep(origin.userId, draft);
    const label = request.offer?.label;
    const used = task.request.speed;
    throw new UserError('price-unconfirmed', {
      work: request.action,
      ...(label === undefined ? {} : { label }),
      price,
      left,
      draft: id,
      ...(used === request.speed ? {} : { speed: { asked: request.speed, used } }),
    });
  }

  /** Whether it costs more than at the speed that was asked for. A button says its price before it's pressed. */
  function isDearerThanAsked({ account, price }: Task, asked: TaskRequest): boolean {
    return asked.offer === undefined && price > priceAt(account, asked);
  }

  async function mayCharge({ price }: Task, { settings, asker }: Terms): Promise<boolean> {
    const { allowance } = allowanceOf(settings, asker);
    const granted = allowance > 0 ? 0 : await database.ledger.grantBalance(asker.book, asker.userId);
    return price <= mostUnasked({ allowance, granted });
  }

  return {
    async open(request, named, { asker, origin }, lineage = {}, agreement = undefined) {
      const isCopy = request.copyOf !== undefined;
      const { account, adjustments } = await assign(request, named, asker.book);
      const used = { ...request, speed: speedOf(request, adjustments) };
      requirePriced(used);
      requireInRange(used);
      if (!isCopy) await checkInputs(used, asker.userId, accounts.get(account)?.traits.inputs);
      const now = clock.now();
      const task: Task = {
        id: agreement?.id ?? randomBytes(12).toString('base64url'),
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
      const terms = { settings: await policies.read(asker.book), asker };
      const isAgreed =
        agreement === undefined
          ? !isDearerThanAsked(task, request) && (await mayCharge(task, terms))
          : task.price <= agreement.price;
      if (!isAgreed) await askForAgreement(task, { request, account: named }, terms);
      const opened = await changes.open(task, terms, { isOnce: agreement !== undefined });
      const facts = { taskId: opened.task.id, account, action: request.action };
      if (opened.isNew) log.info(facts, 'charged and queued');
      return opened;
    },
    async keep(request, { asker, origin }) {
      const { account, adjustments } = await assign(request, undefined, asker.book);
      const price = priceAt(account, { ...request, speed: speedOf(request, adjustments) });
      const { channelId, isOpenToBot } = origin.place;
      const draft = { kind: 'price', request, price, channelId, isOpenToBot } as const;
      return { draft: await drafts.keep(origin.userId, draft), price };
    },
    async requireAllowed(request, asker, named) {
      const account = named ?? (await choice.foresee(request, asker.book))?.name;
      const whole = { prompt: '', ...request, pictures: [] };
      const adjustments = named === undefined ? [] : keepAt(named, whole);
      const used = { ...whole, speed: speedOf(whole, adjustments) };
      const terms = { settings: await policies.read(asker.book), asker };
      const price = priceAt(account, used);
      const decision = await decideTask(database, terms, { price, now: clock.now() });
      if (!decision.isAllowed) throw decision.refusal;
    },
  };
}

/** Of the words that are sent: follow-ups send theirs only if they were typed for them, and nothing is made of a shorten. */
function requireInRange({ action, prompt, offer, answer, copyOf }: TaskRequest): void {
  if (copyOf !== undefined || action === 'shorten') return;
  const sent = offer === undefined ? prompt : answer;
  if (sent !== undefined) requireRanges(sent);
}
