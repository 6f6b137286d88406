import type { Clock } from '../clock.ts';
import { PictureError } from '../images/decode.ts';
import { DownloadError } from '../images/download.ts';
import type { Logger } from '../log.ts';
import type { Task } from '../task.ts';
import type { Share } from '../tasks/byte-budget.ts';
import { type LoadResult, linkTo, type ResultFiles } from './result-files.ts';
import { listLinks } from './result-links.ts';

/** What a result's message says while files are awaited. */
export type AwaitedFrom = 'file-server' | 'operator';

/** Why there is nothing to send: for now, or for good. */
export interface NotLoaded {
  readonly outcome: 'later' | 'unfetched';
  readonly error: DownloadError | PictureError;
  readonly retryAfterMs?: number;
}

/** Loads results' files, and has their messages say what they wait for. */
export interface AwaitedFiles {
  /** Ends no sooner than what it has told: nobody else writes to that message meanwhile. */
  load(task: Task, limitBytes: number, share: Share): Promise<ResultFiles | NotLoaded>;
  /** Whether a file that is missing may still come. */
  isWorthWaiting(task: Task, error: DownloadError | PictureError): boolean;
  /** The message shows a part of the result, which no sentence replaces. */
  keepPart(taskId: string): void;
  showsPart(taskId: string): boolean;
  /** Nothing of that task is owed any more. */
  forget(taskId: string): void;
}

export interface AwaitedFilesDependencies {
  loadResult: LoadResult;
  /** Writes into the task's message; true once Discord has it, or does not want it. */
  tell: (task: Task, from: AwaitedFrom) => Promise<boolean>;
  /** The variable that names an account's address: `PROVIDER_MAIN_BASE_URL`. */
  baseUrlVariableOf: (account: string) => string;
  clock: Clock;
  log: Logger;
}

/** After the end of a task; most file servers have its picture a moment later, and people wait no longer in the dark. */
const tellAfterMs = 8_000;
/** Of what is fetched later than that, as after a restart: most of it comes at once. */
const tellNoSoonerThanMs = 2_000;
/** What a file server has not handed out for so long is delivered as a link, which works for about a day. */
const fetchForMs = 10 * 60_000;
/** What only an operator can change, or a file server without a public name. */
const tryAgainEveryMs = 5 * 60_000;
const giveUpAfterMs = 24 * 60 * 60_000;

export function createAwaitedFiles(dependencies: AwaitedFilesDependencies): AwaitedFiles {
  const { loadResult, tell, baseUrlVariableOf, clock, log } = dependencies;
  /** What messages say now, so that they are not told the same at each try. */
  const said = new Map<string, AwaitedFrom | 'part'>();

  const ageOf = (task: Task) => clock.now() - (task.lateAt ?? task.finishedAt ?? 0);

  async function say(task: Task, from: AwaitedFrom): Promise<void> {
    if (said.get(task.id) === from || said.get(task.id) === 'part') return;
    if (await tell(task, from)) said.set(task.id, from);
  }

  /** For a file server that takes its time, or never answers. */
  function sayIfSlow(task: Task): { end(): Promise<void> } {
    let saying: Promise<void> | undefined;
    const cancel = clock.after(Math.max(tellNoSoonerThanMs, tellAfterMs - ageOf(task)), () => {
      if (said.has(task.id)) return;
      log.warn({ taskId: task.id }, 'a result is not there yet; it is waited for');
      saying = say(task, 'file-server').catch((error: unknown) =>
        log.error({ error, taskId: task.id }, 'it could not be said that a result is awaited'),
      );
    });
    return {
      async end() {
        cancel();
        await saying;
      },
    };
  }

  function isWorthWaiting(task: Task, error: DownloadError | PictureError): boolean {
    if (!(error instanceof DownloadError)) return false; // what cannot be decoded never can
    if (error.trouble === 'blocked') return ageOf(task) < giveUpAfterMs;
    return error.trouble === 'unavailable' && ageOf(task) <= fetchForMs;
  }

  async function decide(task: Task, error: DownloadError | PictureError): Promise<ResultFiles | NotLoaded> {
    const isBlocked = error instanceof DownloadError && error.trouble === 'blocked';
    if (isBlocked) noteBlocked(task, error);
    if (isWorthWaiting(task, error)) {
      if (isBlocked) {
        await say(task, 'operator');
        return { outcome: 'later', error, retryAfterMs: tryAgainEveryMs };
      }
      // The next try is about as far off as the task's end is past.
      if (2 * ageOf(task) >= tellAfterMs) await sayUnavailable(task, error);
      return { outcome: 'later', error };
    }
    const facts = { error, taskId: task.id, host: hostOf(task, error) };
    if (!isBlocked && listLinks(task, Number.POSITIVE_INFINITY).length > 0) {
      log.error(facts, 'a result could not be fetched; its address is sent instead');
      return linkTo(task);
    }
    const mayCome = error instanceof DownloadError && error.trouble === 'unavailable';
    if (mayCome && ageOf(task) < giveUpAfterMs) {
      await sayUnavailable(task, error);
      return { outcome: 'later', error, retryAfterMs: tryAgainEveryMs };
    }
    log.error(facts, 'a result can never be fetched: it is refunded');
    return { outcome: 'unfetched', error };
  }

  async function sayUnavailable(task: Task, error: DownloadError | PictureError): Promise<void> {
    if (said.has(task.id)) return;
    log.warn(
      { error, taskId: task.id, host: hostOf(task, error) },
      'the file server does not hand out a result yet; if that stays, see whether this machine gets there ' +
        '(HTTPS_PROXY, a firewall)',
    );
    await say(task, 'file-server');
  }

  /** Once a run: the next one may have another configuration. */
  function noteBlocked(task: Task, error: DownloadError): void {
    if (said.get(task.id) === 'operator') return;
    const variable = baseUrlVariableOf(task.account);
    const host = hostOf(task, error);
    log.error(
      { error, taskId: task.id, account: task.account, host },
      `a result is at ${host}, which is not public, so the bot may not call it: it may if ` +
        `${variable} is on that host and TRUSTED_HOSTS names it`,
    );
  }

  return {
    isWorthWaiting,
    keepPart: (taskId) => void said.set(taskId, 'part'),
    showsPart: (taskId) => said.get(taskId) === 'part',
    forget: (taskId) => void said.delete(taskId),
    async load(task, limitBytes, share) {
      const slow = sayIfSlow(task);
      const loaded = await loadResult(task, limitBytes, share)
        .catch((error: unknown) => {
          if (error instanceof DownloadError || error instanceof PictureError) return error;
          throw error;
        })
        .finally(() => slow.end());
      return loaded instanceof Error ? decide(task, loaded) : loaded;
    },
  };
}

/** Which host did not hand it out: the last one that was asked, or the one that the provider named. */
function hostOf({ result }: Task, error: DownloadError | PictureError): string {
  const asked = error instanceof DownloadError ? error.host : undefined;
  return asked ?? URL.parse(result?.media[0]?.url ?? '')?.host ?? 'no address';
}
