import { PictureError } from '../images/decode.ts';
import { numberCells } from '../images/numbered.ts';
import type { Logger } from '../log.ts';
import type { Task } from '../task.ts';
import type { ByteBudget } from '../tasks/byte-budget.ts';
import type { Results } from '../tasks/results.ts';

/** How long a person who wants to choose waits for the picture; without it, they can choose all the same. */
const drawTimeoutMs = 20_000;
/** How many drawn pictures to keep in memory, latest last; most are a few hundred kilobytes. */
const mostDrawn = 20;

/**
 * Draws the cells that a region is chosen from over the picture of a finished task, once for all who press its button at about
 * the same time: a press costs nothing, so nobody should be able to keep the bot busy with it. Returns `undefined` if the
 * picture is gone, or doesn't arrive in time.
 */
export type DrawCells = (task: Task) => Promise<Buffer | undefined>;

export function createDrawCells(dependencies: {
  results: Pick<Results, 'openEach'>;
  /** For the pictures that are being drawn at a time. */
  budget: ByteBudget;
  log: Logger;
}): DrawCells {
  const { results, budget, log } = dependencies;

  async function draw(task: Task): Promise<Buffer | undefined> {
    return budget.share(async (share) => {
      const [original] = await results.openEach(task, share);
      return original instanceof Buffer ? numberCells(original) : undefined;
    });
  }

  /** By task, the latest last. */
  const latest = new Map<string, Promise<Buffer | undefined>>();

  /** What failed is tried again. */
  function drawOnce(task: Task): Promise<Buffer | undefined> {
    const known = latest.get(task.id);
    if (known !== undefined) return known;
    const drawn = draw(task);
    latest.set(task.id, drawn);
    const forget = () => void latest.delete(task.id);
    void drawn.then((bytes) => (bytes === undefined ? forget() : undefined), forget);
    const [oldest] = latest.size > mostDrawn ? latest.keys() : [];
    if (oldest !== undefined) latest.delete(oldest);
    return drawn;
  }

  return async (task) => {
    const late = endOf(AbortSignal.timeout(drawTimeoutMs));
    try {
      const drawn = await Promise.race([drawOnce(task), late]);
      if (drawn === undefined)
        log.info({ taskId: task.id }, 'a picture could not be fetched to choose a region');
      return drawn;
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      log.info({ error, taskId: task.id }, 'a picture could not be read to choose a region');
      return undefined;
    }
  };
}

function endOf(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
