import type { Clock } from '../clock.ts';
import type { Button } from './buttons.ts';
import type { Habits } from './habits.ts';
import type { MjTask, Outcome, Status } from './task.ts';

/** Runs tasks: a few at once, the others in a queue; moves each through its states at its own times. */
export interface Engine {
  /** How many tasks are ahead of the next one, and whether the queue is full. */
  room(): { ahead: number; isFull: boolean };
  enqueue(task: MjTask, work: () => Outcome | undefined): void;
  /** A finished task stays as it is. */
  move(task: MjTask, status: Status, changes?: Partial<MjTask>): void;
  /** Ends a task from outside: cancelled, or given up. Its slot only becomes free when its work would have ended. */
  end(task: MjTask, status: 'FAILURE' | 'CANCEL', failReason: string): void;
}

export interface EngineParts {
  clock: Clock;
  habits: Habits;
  /** A factor for the time that a task takes, called for each one. */
  stretch(): number;
  /** The address of the task's picture at that percentage (100 is the result), or of one of its clips. */
  address(task: MjTask, what: number | `film${number}`): string;
  changed(task: MjTask): void;
}

/** How Midjourney reports progress: words first, then jumps (midjourney-proxy copies the text in its brackets). */
const progressSteps: readonly (readonly [share: number, progress: string])[] = [
  [0.1, 'Waiting to start'],
  [0.25, '0%'],
  [0.4, '15%'],
  [0.55, '46%'],
  [0.7, '62%'],
  [0.9, '93%'],
];

/** The progress to show while it runs, and where it ends (a complaint comes early). */
interface Way {
  steps: readonly (readonly [share: number, progress: string])[];
  takesMs: number;
  endShare: number;
  end: () => void;
}

export function createEngine({ clock, habits, stretch, address, changed }: EngineParts): Engine {
  const line: { task: MjTask; work: () => Outcome | undefined }[] = [];
  let running = 0;

  function move(task: MjTask, status: Status, changes: Partial<MjTask> = {}): void {
    if (isOver(task)) return;
    Object.assign(task, changes, { status });
    changed(task);
  }

  function startNext(): void {
    while (running < habits.slots) {
      const next = line.shift();
      if (next === undefined) return;
      running += 1;
      // Not before: the submit's answer is written before anything moves.
      clock.after(0, () => start(next.task, next.work));
    }
  }

  function end(task: MjTask, status: 'FAILURE' | 'CANCEL', failReason: string): void {
    // An empty progress on failure: midjourney-proxy Task.fail.
    move(task, status, { finishTime: clock.now(), failReason, progress: '', imageUrl: '' });
  }

  function start(task: MjTask, work: () => Outcome | undefined): void {
    if (isOver(task)) {
      leave();
      return;
    }
    move(task, 'SUBMITTED', { startTime: clock.now(), progress: '0%' });
    if (task.fault?.do === 'stall') {
      clock.after(2_000, () => move(task, 'IN_PROGRESS', { progress: '31%' }));
      leave();
      return;
    }
    const outcome = work();
    if (outcome === undefined) {
      // Discord answers a press on a missing button with this.
      clock.after(1_000, () => finish(task, work, 'This interaction failed'));
      return;
    }
    task.shown = outcome.shown;
    task.finalPrompt = outcome.finalPrompt;
    const isAllowed = outcome.complaint === undefined;
    const reason = task.fault?.do === 'fail' ? task.fault.reason : outcome.complaint;
    advance(task, {
      steps: isAllowed ? progressSteps : [],
      takesMs: outcome.takesMs * habits.paceFactors[task.speed] * stretch(),
      endShare: isAllowed ? 1 : 0.1,
      end: () => finish(task, work, reason),
    });
  }

  function advance(task: MjTask, { steps, takesMs, endShare, end }: Way, before = 0): void {
    const [step, ...rest] = steps;
    const share = step?.[0] ?? endShare;
    clock.after(takesMs * (share - before), () => {
      if (step === undefined) {
        end();
        return;
      }
      const percent = Number.parseInt(step[1], 10);
      const hasPreview =
        percent > 0 && task.shown !== undefined && !['upload', 'swap'].includes(task.shown.as);
      move(task, 'IN_PROGRESS', {
        progress: step[1],
        imageUrl: hasPreview ? address(task, percent) : '',
      });
      advance(task, { steps: rest, takesMs, endShare, end }, share);
    });
  }

  /** Reads the outcome again: a twin may have swapped places with the task meanwhile. */
  function finish(task: MjTask, work: () => Outcome | undefined, failReason?: string): void {
    const outcome = failReason === undefined && !isOver(task) ? work() : undefined;
    if (outcome === undefined) {
      end(task, 'FAILURE', failReason ?? '');
    } else {
      task.shown = outcome.shown;
      move(task, 'SUCCESS', {
        finishTime: clock.now(),
        progress: '100%',
        imageUrl: outcome.shown === undefined ? '' : address(task, 100),
        videoUrls:
          outcome.shown?.as === 'film'
            ? outcome.shown.clips.map((_, clip) => address(task, `film${clip}`))
            : [],
        buttons: [...outcome.buttons, ...(outcome.text ? [] : (habits.moreButtons as readonly Button[]))],
        ...(outcome.text && placeText(task, outcome.text)),
      });
    }
    leave();
  }

  /** trueai keeps a shorten's text in the description, and leaves the prompt unchanged. */
  function placeText({ action }: MjTask, { en, zh }: NonNullable<Outcome['text']>): Partial<MjTask> {
    if (action === 'SHORTEN' && habits.flavour === 'trueai') return { description: en };
    return { finalPrompt: en, finalZhPrompt: zh, promptEn: en };
  }

  function leave(): void {
    running -= 1;
    startNext();
  }

  return {
    move,
    end,
    room() {
      if (running < habits.slots) return { ahead: 0, isFull: false };
      return { ahead: line.length + 1, isFull: line.length >= habits.queueLength };
    },
    enqueue(task, work) {
      line.push({ task, work });
      startNext();
    },
  };
}

function isOver(task: MjTask): boolean {
  return task.finishTime !== 0;
}
