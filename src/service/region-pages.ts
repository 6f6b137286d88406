import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { UserError, type UserErrorCode, type UserErrorDetails } from '../errors.ts';
import { inputTypeNames } from '../images/accepted.ts';
import { readFacts } from '../images/decode.ts';
import { maskOfPicture, type Size } from '../images/mask.ts';
import type { PaintedMasks } from '../inputs/painted-masks.ts';
import { InputError, toInputError } from '../inputs/pictures.ts';
import type { OpenOriginal, RegionOriginal, RegionSource } from '../inputs/region-originals.ts';
import type { Policies } from '../points/policies.ts';
import type { Asker } from '../points/policy.ts';
import type { Database } from '../storage/database.ts';
import { type InputPicture, type Place, toPrivatePlace } from '../task.ts';
import { type Draft, type Drafts, toDraftPlace } from './drafts.ts';
import { readToken, toToken } from './page-tokens.ts';
import { anyMask, lineageOf, type RequirePaintable, toPaintedEdit, writeEdit } from './painted-edits.ts';
import { toPressRequest } from './press-prices.ts';
import type { ChoosePressSpeed } from './press-speeds.ts';
import type { OfferWindow, Presses } from './presses.ts';
import type { Opened, Starts, TaskCaller, Understanding } from './start.ts';

/** What a page is for: the button of a result, or an edit that only lacks its mask. */
export type RegionWork = Page['work'];
type Page = Extract<Draft, { kind: 'page' }>;

/** Who gets the link, and where they asked for it. */
export interface PageCaller extends TaskCaller {
  readonly displayName: string;
}

/** What a page shows. */
export interface PageView {
  readonly name: string;
  readonly locale: string;
  readonly work: RegionWork['kind'];
  readonly prompt: string;
  readonly mayBeEmpty: boolean;
  /** What it costs now; `undefined` if it would be refused now. */
  readonly price: number | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** A link that leads nowhere: it's too old, or nobody made it; or it was used, and where its answer is. */
export type DeadPage =
  | { readonly kind: 'gone' }
  | { readonly kind: 'submitted'; readonly place: Place; readonly locale: string };

/** What somebody sends from the page. */
export interface Painted {
  readonly prompt: string;
  /** The price that the page showed. */
  readonly price: number;
  /** Whether they want it sent as it is, although something in the words is doubtful. */
  readonly isAsWritten: boolean;
  readonly mask: Buffer;
}

/** What became of it. Nothing is charged for anything but `started`. */
export type PageOutcome =
  | DeadPage
  | { readonly kind: 'started'; readonly opened: Opened }
  | { readonly kind: 'late'; readonly locale: string }
  | { readonly kind: 'price-changed'; readonly price: number; readonly locale: string }
  | {
      readonly kind: 'doubtful';
      readonly details: UserErrorDetails['prompt-doubtful'];
      readonly locale: string;
    }
  | { readonly kind: 'refused'; readonly error: UserError; readonly locale: string };

/**
 * The region editor's pages. The link is a secret, and whoever has it acts as the person who asked for it, for one task;
 * everything is decided again when the mask is sent.
 */
export interface RegionPages {
  /**
   * Returns the address of a new page; `undefined` if the bot can't be reached from outside. Throws a `UserError` for an edit
   * that couldn't be started, no matter what is painted.
   */
  begin(
    work: RegionWork,
    window: Pick<OfferWindow, 'prompt' | 'mayBeEmpty'>,
    caller: PageCaller,
  ): Promise<string | undefined>;
  read(token: string): Promise<PageView | DeadPage>;
  open(token: string): Promise<RegionOriginal | 'late' | 'gone'>;
  submit(token: string, painted: Painted): Promise<PageOutcome>;
}

export interface RegionPagesDependencies {
  publicUrl: string | undefined;
  database: Pick<Database, 'tasks'>;
  drafts: Pick<Drafts, 'keep' | 'find'>;
  policies: Pick<Policies, 'admit'>;
  presses: Pick<Presses, 'act'>;
  starts: Pick<Starts, 'open' | 'quote'>;
  requirePaintable: RequirePaintable;
  choosePressSpeed: ChoosePressSpeed;
  paintedMasks: PaintedMasks;
  openOriginal: OpenOriginal;
  clock: Clock;
}

/** Before the token of the interaction ends, so that there's time to answer with it. */
const answerGraceMs = 60_000;

export function createRegionPages(dependencies: RegionPagesDependencies): RegionPages {
  const { database, drafts, policies, presses, starts, paintedMasks, openOriginal, clock } = dependencies;

  async function find(token: string): Promise<{ id: string; page: Page } | undefined> {
    const parts = readToken(token);
    if (parts === undefined) return undefined;
    const { userId, id, secret } = parts;
    const page = await drafts.find(id, userId, 'page');
    return page !== undefined && isRight(secret, page.secretHash) ? { id, page } : undefined;
  }

  /** Returns the page if it can still be used. */
  async function findOpen(token: string): Promise<{ id: string; page: Page } | DeadPage> {
    const found = await find(token);
    if (found === undefined) return { kind: 'gone' };
    const { locale } = found.page.origin.place;
    const started = await database.tasks.get(found.id);
    return started === undefined ? found : { kind: 'submitted', place: started.origin.place, locale };
  }

  /** With the words that the page opens with; others may cost more, which only a submit finds out. */
  async function priceOf({ work, prompt, origin: { userId, book } }: Page): Promise<number | undefined> {
    if (work.kind === 'edit') return starts.quote(toPaintedEdit(work, prompt, anyMask), book);
    const parent = await database.tasks.get(work.taskId);
    const offer = parent?.result?.offers[work.offer];
    if (parent === undefined || offer === undefined) return undefined;
    const speed = await dependencies.choosePressSpeed(parent, offer, userId);
    return starts.quote({ ...toPressRequest(parent, offer), speed }, book, parent.account);
  }

  /** Returns the mask as every API takes it, or throws a `UserError` for what can't be one. */
  async function readMask(mask: Buffer, { maskSize }: RegionOriginal): Promise<Buffer> {
    try {
      if (!isSame(await readFacts(mask), maskSize)) throw new UserError('mask-size');
      return await maskOfPicture(mask, maskSize);
    } catch (error) {
      const found = toInputError(error, { name: 'mask.png' }, inputTypeNames);
      if (!(found instanceof InputError)) throw found;
      const { code, details } = found.refusal;
      throw new UserError<UserErrorCode>(code, details as never);
    }
  }

  async function start(page: Page, prompt: string, painted: string, understanding: Understanding) {
    const { work, origin } = page;
    const asker = await policies.admit(toAsker(page));
    const caller = { asker, origin };
    const region = { cells: [], painted };
    if (work.kind === 'offer') {
      const { taskId, messageId, offer } = work;
      return presses.act({ taskId, messageId, offer, prompt, region }, caller, understanding);
    }
    return starts.open(
      toPaintedEdit(work, prompt, region),
      undefined,
      caller,
      lineageOf(work),
      understanding,
    );
  }

  /** Throws a `UserError` for everything that is refused before the charge. */
  async function submitOnce({ id, page }: { id: string; page: Page }, painted: Painted) {
    const { locale } = page.origin.place;
    if (isTooLate(page.origin.place, clock.now())) throw new UserError('page-late');
    const original = await openOriginal(sourceOf(page.work));
    if (original === 'late') return { kind: 'late', locale } as const;
    if (original === 'gone') throw toGone(page.work);
    const name = await paintedMasks.keep(page.origin.userId, await readMask(painted.mask, original));
    let opened: Opened | undefined;
    try {
      const { price, isAsWritten } = painted;
      const agreement = { id, price, isExact: true, isAsWritten };
      opened = await start(page, painted.prompt, name, { agreement });
    } finally {
      if (opened?.isNew !== true) await paintedMasks.drop(name);
    }
    if (!opened.isNew) return { kind: 'submitted', place: opened.task.origin.place, locale } as const;
    return { kind: 'started', opened } as const;
  }

  return {
    async begin(work, { prompt, mayBeEmpty = false }, { asker, origin, displayName }) {
      const { publicUrl } = dependencies;
      if (publicUrl === undefined) return undefined;
      if (work.kind === 'edit') await dependencies.requirePaintable(work, asker);
      const { roleIds, isAdministrator, where } = asker;
      const secret = randomBytes(24).toString('base64url');
      const place = toPagePlace(origin.place, work);
      const id = await drafts.keep(origin.userId, {
        kind: 'page',
        secretHash: hash(secret).toString('base64url'),
        name: displayName,
        roleIds,
        isAdministrator,
        ...(where === undefined ? {} : { where }),
        origin: { ...origin, place },
        work,
        prompt,
        mayBeEmpty,
        ...toDraftPlace(place),
      });
      return `${publicUrl}/region/${toToken({ userId: origin.userId, id, secret })}`;
    },

    async read(token) {
      const found = await findOpen(token);
      if ('kind' in found) return found;
      const { name, origin, work, prompt, mayBeEmpty, expiresAt } = found.page;
      const { locale } = origin.place;
      const price = await priceOf(found.page);
      return { name, locale, work: work.kind, prompt, mayBeEmpty, price, expiresAt };
    },

    async open(token) {
      const found = await findOpen(token);
      return 'kind' in found ? 'gone' : openOriginal(sourceOf(found.page.work));
    },

    async submit(token, painted) {
      const found = await findOpen(token);
      if ('kind' in found) return found;
      try {
        return await submitOnce(found, painted);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return toOutcome(error, found.page);
      }
    },
  };
}

function toOutcome(error: UserError, { work, origin }: Page): PageOutcome {
  const { code, details } = error;
  const { locale } = origin.place;
  if (code === 'prompt-doubtful')
    return { kind: 'doubtful', details: toWritten(details as never, work), locale };
  if (code === 'price-unconfirmed')
    return { kind: 'price-changed', price: (details as { price: number }).price, locale };
  if (code === 'already-started')
    return { kind: 'submitted', place: (details as { place: Place }).place, locale };
  return { kind: 'refused', error, locale };
}

/** A page has no field for the speed, so the corrected words of an edit have to say it. */
function toWritten(details: UserErrorDetails['prompt-doubtful'], work: RegionWork) {
  if (work.kind === 'offer') return details;
  const prompt = writeEdit(work, details.corrected);
  return { ...details, corrected: { ...details.corrected, prompt } };
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function isRight(secret: string, secretHash: string): boolean {
  return timingSafeEqual(hash(secret), Buffer.from(secretHash, 'base64url'));
}

function isSame(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}

function pictureOf({ request }: Extract<RegionWork, { kind: 'edit' }>): InputPicture {
  return request.pictures[0] ?? { url: '', name: '' };
}

function sourceOf(work: RegionWork): RegionSource {
  return work.kind === 'offer' ? { taskId: work.taskId } : { picture: pictureOf(work) };
}

function toGone(work: RegionWork): UserError {
  if (work.kind === 'offer') return new UserError('parent-picture-gone');
  return new UserError('picture-gone', { name: pictureOf(work).name });
}

function toAsker({ origin, roleIds, isAdministrator, where }: Page): Asker {
  return { userId: origin.userId, book: origin.book, roleIds, isAdministrator, where };
}

/**
 * Where the answer is shown. The bot sends it to the channel by itself if it may; what is private, or where it may not write,
 * takes the place of the private message with the link, as long as the interaction's token works.
 */
function toPagePlace(place: Place, work: RegionWork): Place {
  if (place.isPrivate === true || !place.isOpenToBot) return toPrivatePlace(place);
  const { repliesTo: _, ...here } = place;
  const above = work.kind === 'offer' ? work.messageId : work.parentMessageId;
  const reply = above === undefined ? {} : { repliesTo: above };
  return { ...here, ...reply, isPosted: true, tokenExpiresAt: 0 };
}

function isTooLate({ isPosted, tokenExpiresAt }: Place, now: number): boolean {
  return isPosted !== true && now > tokenExpiresAt - answerGraceMs;
}
