import type { RecordedRequest, RecordedSubmit, StandInEvent } from './stand-in.ts';

/** Older requests are forgotten, so that a sandbox can run for days. */
const keptRequests = 20_000;

export interface Traffic {
  readonly requests: RecordedRequest[];
  readonly submits: RecordedSubmit[];
  emit(event: StandInEvent): void;
  /** Records a request as it comes in. */
  receive(request: Omit<RecordedRequest, 'number'>): RecordedRequest;
  on(listener: (event: StandInEvent) => void): () => void;
  next(fits: (event: StandInEvent) => boolean): Promise<StandInEvent>;
  until(holds: () => boolean): Promise<void>;
  /** Records an accepted submit, and counts how often the same was asked for before. */
  accept(submit: Omit<RecordedSubmit, 'number' | 'repeats'>): void;
}

export function createTraffic(): Traffic {
  const listeners = new Set<(event: StandInEvent) => void>();
  const requests: RecordedRequest[] = [];
  const submits: RecordedSubmit[] = [];
  /** How often the same thing was asked for. */
  const wishes = new Map<string, number>();
  let received = 0;

  function emit(event: StandInEvent): void {
    for (const listener of [...listeners]) listener(event);
  }

  function on(listener: (event: StandInEvent) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return {
    requests,
    submits,
    emit,
    on,
    next: (fits) =>
      new Promise((resolve) => {
        const stop = on((event) => {
          if (!fits(event)) return;
          stop();
          resolve(event);
        });
      }),
    until: (holds) =>
      new Promise((resolve) => {
        if (holds()) {
          resolve();
          return;
        }
        const stop = on(() => {
          if (!holds()) return;
          stop();
          resolve();
        });
      }),
    receive(request) {
      received += 1;
      const recorded = { ...request, number: received };
      requests.push(recorded);
      if (requests.length > keptRequests * 1.25) requests.splice(0, requests.length - keptRequests);
      emit({ type: 'request', at: recorded.at, request: recorded });
      return recorded;
    },
    accept(submit) {
      const wish = toWish(submit);
      const repeats = wishes.get(wish) ?? 0;
      wishes.set(wish, repeats + 1);
      const recorded = { ...submit, number: submits.length + 1, repeats };
      submits.push(recorded);
      emit({ type: 'submit', at: submit.at, submit: recorded });
    },
  };
}

/** Two submits with the same wish would do the same work twice. A window is answered once, with any prompt. */
function toWish(submit: Omit<RecordedSubmit, 'number' | 'repeats'>): string {
  const { kind, account, prompt, customId, parentId } = submit;
  if (kind === 'modal') return JSON.stringify([kind, account, parentId]);
  return JSON.stringify([kind, account, customId === undefined ? prompt : '', customId, parentId]);
}
