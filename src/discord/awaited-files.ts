import type { Clock } from '../clock.ts';
import { PictureError } from '../images/decode.ts';
import { DownloadError } from '../images/download.ts';
import type { Logger } from '../log.ts';
import type { Task } from '../task.ts';
import type { Share } from '../tasks/byte-budget.ts';
import { type LoadResult, linkTo, type ResultFiles } from './result-files.ts';
import { listLinks } from './result-links.ts';

/** What a result's message says it's waiting for. */
export type AwaitedFrom = 'file-server' | 'operator';

/** Why there's nothing to send: for now, or for good. */
export interface NotLoaded {
  readonly outcome: 'later' | 'unfetched';
  readonly error: DownloadError | PictureError;
  readonly retryAfterMs?: number;
}

/** Loads the files of results, and lets their messages say what they're waiting for. */
export interface AwaitedFiles {
  /** Resolves only after anything it tells is written, so nobody else writes to that message meanwhile. */
  load(task: Task, limitBytes: number, share: Share): Promise<ResultFiles | NotLoaded>;
  /** Whether a missing file may still come. */
  isWorthWaiting(task: Task, error: DownloadError | PictureError): boolean;
  /** The message shows part of the result; no sentence may replace that. */
  keepPart(taskId: string): void;
  showsPart(taskId: string): boolean;
  /** Nothing is owed for that task any longer. */
  forget(taskId: string): void;
}

export interface AwaitedFilesDependencies {
  loadResult: LoadResult;
  /** Writes to the task's message; true once Discord has it, or doesn't want it. */
  tell: (task: Task, from: AwaitedFrom) => Promise<boolean>;
  /** The variable that names an account's address: `PROVIDER_MAIN_BASE_URL`. */
  baseUrlVariableOf: (account: string) => string;
  clock: Clock;
  log: Logger;
}

/** How long after a task's end to tell that its files are awaited; most file servers have them a moment after the end. */
const tellAfterMs = 8_000;
/** How long to wait at least, if that's already over, as after a restart: most files come at once. */
const tellNoSoonerThanMs = 2_000;
/** How long to try before a link is delivered instead, which works for about a day. */
const fetchForMs = 10 * 60_000;
/** For something that only an operator can change, or a file server without a public name. */
const tryAgainEveryMs = 5 * 60_000;
const giveUpAfterMs = 24 * 60 * 60_000;

export function createAwaitedFiles(dependencies: AwaitedFilesDependencies): AwaitedFiles {
  const { loadResult, tell, baseUrlVariableOf, clock, log } = dependencies;
  /** What messages already say, so that they aren't rewritten at every try. */
  const said = new Map<string, AwaitedFrom | 'part'>();

  const ageOf = (task: Task) => clock.now() - (task.lateAt ?? task.finishedAt ?? 0);

  async function say(task: Task, from: AwaitedFrom): Promise<void> {
    if (said.get(task.id) === from || said.get(task.id) === 'part') return;
    if (await tell(task, from)) said.set(task.id, from);
  }

  /** Tells it if the file server takes its time, or never answers. */
  function sayIfSlow(task: Task): { end(): Promise<void> } {
    let saying: Promise<void> | undefined;
    const cancel = clock.after(Math.max(tellNoSoonerThanMs, tellAfterMs - ageOf(task)), () => {
      if (said.has(task.id)) return;
      log.warn({ taskId: task.id }, 'a result is not there yet; the bot waits for it');
      saying = say(task, 'file-server').catch((error: unknown) =>
        log.error({ error, taskId: task.id }, 'a message could not say that its result is awaited'),
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
    if (!(error instanceof DownloadError)) return false; // a file that can't be decoded never will be
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
      // The next try is about as far away as the task's end.
      if (2 * ageOf(task) >= tellAfterMs) await sayUnavailable(task, error);
      return { outcome: 'later', error };
    }
    const facts = { error, taskId: task.id, host: hostOf(task, error) };
    if (!isBlocked && listLinks(task, Number.POSITIVE_INFINITY).length > 0) {
      log.error(facts, 'a result could not be downloaded; a link is sent instead');
      return linkTo(task);
    }
    const mayCome = error instanceof DownloadError && error.trouble === 'unavailable';
    if (mayCome && ageOf(task) < giveUpAfterMs) {
      await sayUnavailable(task, error);
      return { outcome: 'later', error, retryAfterMs: tryAgainEveryMs };
    }
    log.error(facts, 'a result can never be downloaded: it is refunded');
    return { outcome: 'unfetched', error };
  }

  async function sayUnavailable(task: Task, error: DownloadError | PictureError): Promise<void> {
    if (said.has(task.id)) return;
    log.warn(
      { error, taskId: task.id, host: hostOf(task, error) },
      'the file server does not hand out a result yet; if this goes on, check whether this machine can reach it ' +
        '(HTTPS_PROXY, a firewall)',
    );
    await say(task, 'file-server');
  }

  /** Once per run: the next one may have another configuration. */
  function noteBlocked(task: Task, error: DownloadError): void {
    if (said.get(task.id) === 'operator') return;
    const variable = baseUrlVariableOf(task.account);
    const host = hostOf(task, error);
    log.error(
      { error, taskId: task.id, account: task.account, host },
      `a result is at ${host}, which is not public, so the bot must not call it; to allow that, ` +
        `set ${variable} to an address on that host, and name the host in TRUSTED_HOSTS`,
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

/** Which host didn't hand it out: the last one asked, or the one that the provider named. */
function hostOf({ result }: Task, error: DownloadError | PictureError): string {
  const asked = error instanceof DownloadError ? error.host : undefined;
  return asked ?? URL.parse(result?.media[0]?.url ?? '')?.host ?? 'no address';
}
