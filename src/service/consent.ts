import type { Clock } from '../clock.ts';
import { type PriceGuess, UserError } from '../errors.ts';
import { decideTask, readStatement, type Terms } from '../points/bookings.ts';
import type { Database } from '../storage/database.ts';
import type { Origin, Speed, Task, TaskRequest } from '../task.ts';
import { refuseSecondPress } from '../tasks/changes.ts';
import { type Drafts, toDraftPlace } from './drafts.ts';
import type { Wording } from './wording.ts';

/** Where a follow-up comes from: the task, the number of the offer, and the message whose button was pressed. */
export type Lineage = Partial<Pick<Task, 'parentId' | 'parentOffer' | 'parentMessageId'>>;

/** A task that somebody is asked about before it's saved. */
export interface Prospect {
  readonly request: TaskRequest;
  readonly price: number;
  /** The speed that it will run at. */
  readonly speed: Speed;
  /** What neither the API nor the operator says the price of. */
  readonly guess?: PriceGuess | undefined;
  /** The speed that they chose, if no account can do it at that one now. */
  readonly unavailable?: Speed;
  /** The account that it has to go to. */
  readonly named: string | undefined;
  readonly origin: Origin;
  readonly lineage: Lineage;
}

/** What somebody wrote, and what was found in it. */
export interface Written extends Pick<Wording, 'findings'> {
  readonly request: TaskRequest;
  /** What it costs as it is; `undefined` if it can't be sent like that. */
  readonly price: number | undefined;
  /** Whether it's translated before it starts. */
  readonly isToTranslate: boolean;
}

/** What people are asked before they pay. Both refuse first what the person may not start anyway. */
export interface Consent {
  /** Tells the price, and what the person has. `isAsWritten`: they want it although something in it is doubtful. */
  askForPrice(prospect: Prospect, terms: Terms, isAsWritten: boolean): Promise<never>;
  /** Tells what was found in the words; the prospect is the corrected one. */
  askAboutWords(prospect: Prospect, terms: Terms, written: Written): Promise<never>;
}

export function createConsent({
  database,
  drafts,
  clock,
}: {
  database: Database;
  drafts: Pick<Drafts, 'keep'>;
  clock: Clock;
}): Consent {
  /** Returns what the person has left. */
  async function requireAllowed(
    { request: { action }, speed, origin, lineage, price }: Prospect,
    terms: Terms,
  ): Promise<{ left: number }> {
    await refuseSecondPress(database, { origin, ...lineage });
    const decision = await decideTask(database, terms, {
      price,
      now: clock.now(),
      work: { action, speed, ...lineage },
    });
    if (!decision.isAllowed) throw decision.refusal;
    return readStatement(database, terms, clock.now());
  }

  /** What every draft keeps. */
  function toDraft({ origin, lineage, named, price }: Prospect) {
    const { parentId, parentOffer, parentMessageId } = lineage;
    return {
      price,
      ...toDraftPlace(origin.place),
      account: named,
      parentId,
      parentOffer,
      parentMessageId,
    };
  }

  return {
    async askForPrice(prospect, terms, isAsWritten) {
      const { left } = await requireAllowed(prospect, terms);
      const { request, price, origin, speed: used, guess, unavailable } = prospect;
      const kept = { kind: 'price', request, ...toDraft(prospect) } as const;
      const draft = await drafts.keep(origin.userId, isAsWritten ? { ...kept, isAsWritten } : kept);
      const label = request.offer?.label;
      throw new UserError('price-unconfirmed', {
        work: request.action,
        ...(label === undefined ? {} : { label }),
        price,
        left,
        draft,
        ...(guess === undefined ? {} : { guess }),
        ...(used === request.speed ? {} : { speed: { asked: request.speed, used } }),
        ...(unavailable === undefined ? {} : { unavailable: { asked: unavailable, used } }),
      });
    },

    async askAboutWords(prospect, terms, { findings, request, price: writtenPrice, isToTranslate }) {
      const { left } = await requireAllowed(prospect, terms);
      const { request: corrected, price, origin, speed } = prospect;
      const asWritten = writtenPrice === undefined ? {} : { writtenPrice };
      const words = { kind: 'words', request, corrected, isToTranslate } as const;
      const kept = { ...words, ...asWritten, ...toDraft(prospect) };
      const draft = await drafts.keep(origin.userId, kept);
      const { prompt } = corrected;
      throw new UserError('prompt-doubtful', {
        findings,
        corrected: { prompt, speed, price },
        ...asWritten,
        left,
        draft,
      });
    },
  };
}
