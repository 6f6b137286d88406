import type { UserError, UserErrorDetails } from '../errors.ts';
import type { Terms } from '../points/bookings.ts';
import type { TaskRequest } from '../task.ts';
import type { Consent, Prospect } from './consent.ts';

export interface RelaxOfferDependencies {
  readonly consent: Pick<Consent, 'askForPrice'>;
  /** What a request would cost, whether that's a guess, and at which speed; `undefined` if it would be refused. */
  readonly quote: (
    request: TaskRequest,
    named: string | undefined,
    book: string,
  ) => Promise<Pick<Prospect, 'price' | 'speed' | 'guess'> | undefined>;
}

/**
 * Asks whether a new task may be done in relax mode if no account has credit, or points for today, for the speed that was
 * asked for. Nobody's task changes its speed without their consent to the new price. Returns if relax mode doesn't help
 * either.
 */
export function createRelaxOffer({ consent, quote }: RelaxOfferDependencies) {
  return async (
    refusal: UserError,
    prospect: Omit<Prospect, 'price' | 'speed' | 'guess'>,
    { terms, isAsWritten }: { terms: Terms; isAsWritten: boolean },
  ): Promise<void> => {
    const { request, named } = prospect;
    const isFresh = named === undefined && request.offer === undefined;
    if (!isFresh || !isSpent(refusal) || request.speed === 'relax') return;
    const slower: TaskRequest = { ...request, speed: 'relax' };
    const quoted = await quote(slower, undefined, terms.asker.book);
    if (quoted?.speed !== 'relax') return;
    const told = { ...prospect, ...quoted, request: slower, unavailable: request.speed };
    await consent.askForPrice(told, terms, isAsWritten);
  };
}

/** Whether the accounts that could do it have no money left for it. */
function isSpent({ code, details }: UserError): boolean {
  if (code === 'account-closed') return (details as UserErrorDetails['account-closed']).reason === 'points';
  return (
    code === 'account-unusable' && (details as UserErrorDetails['account-unusable']).trouble === 'balance'
  );
}
