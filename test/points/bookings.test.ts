import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { type Administration, createAdministration } from '../../src/points/administration.ts';
import { monthAt, periodAt, periodUnits } from '../../src/points/period.ts';
import { createPolicies, type Policies } from '../../src/points/policies.ts';
import { type Asker, calendarOf, type OperatorSettings, type Settings } from '../../src/points/policy.ts';
import { auditDatabase } from '../../src/storage/audit.ts';
import { type Database, openDatabase } from '../../src/storage/database.ts';
import { openDocuments } from '../../src/storage/documents.ts';
import type { Failure } from '../../src/task.ts';
import { type Changes, createChanges } from '../../src/tasks/changes.ts';
import { createBooksModel } from '../helpers/books-model.ts';
import { createFakeClock, type FakeClock } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { aFolder } from '../helpers/folder.ts';
import { anOrigin, aPlace, aTask } from '../helpers/tasks.ts';

const book = '222222222222222222';
const people = ['500000000000000001', '500000000000000002', '500000000000000003'] as const;
const hour = 3_600_000;

const person = fc.constantFrom(...people);
const task = fc.nat({ max: 8 });
const act = fc.nat({ max: 9 });

/** Everything that can happen to the books. */
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('charge' as const),
      task,
      person,
      price: fc.constantFrom(0, 4, 10, 40, 100, 320, 800, 1_600),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'begin' as const,
        'ask' as const,
        'finish' as const,
        'refused' as const,
        'timeout' as const,
        'unshown' as const,
        'unanswered' as const,
      ),
      task,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('cancel' as const), task, isAgreed: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('grant' as const),
      act,
      person,
      points: fc.constantFrom(1, 37, 500),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('reset' as const),
      act,
      person,
      what: fc.constantFrom('spending' as const, 'grants' as const),
    }),
  },
  fc.record({ type: fc.constant('period' as const), unit: fc.constantFrom(...periodUnits) }),
  fc.record({
    type: fc.constant('allowance' as const),
    points: fc.constantFrom(0, 150, 2_000),
    of: fc.constantFrom('everybody' as const, 'role' as const, people[0]),
  }),
  fc.record({ type: fc.constant('role' as const), person, has: fc.boolean() }),
  fc.record({ type: fc.constant('budget' as const), points: fc.constantFrom(undefined, 0, 700, 5_000) }),
  fc.record({ type: fc.constant('time' as const), hours: fc.constantFrom(1, 20, 24 * 6, 24 * 20) }),
  fc.record({ type: fc.constant('restart' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Move = 'begin' | 'ask' | 'finish' | 'refused' | 'timeout' | 'unshown' | 'unanswered';

const operator: OperatorSettings = {
  allowedGuilds: '*',
  allowsDirect: false,
  operatorIds: new Set(),
  serverBudget: undefined,
  refundedCancels: 2,
};
const administrator: Asker = {
  userId: '600000000000000001',
  book,
  roleIds: [],
  isAdministrator: true,
};

/** The real books in a folder, as the program opens them, and the model that gets the same steps. */
class Pair {
  readonly model = createBooksModel();
  readonly clock: FakeClock = createFakeClock();
  readonly #folder: string;
  readonly #roles = new Map<string, string[]>();
  #database!: Database;
  #documents!: ReturnType<typeof openDocuments>;
  #changes!: Changes;
  #policies!: Policies;
  #administration!: Administration;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(): Promise<void> {
    const log = pino({ level: 'silent' });
    this.#database = await openDatabase(this.#folder);
    this.#documents = openDocuments(this.#folder);
    const [database, documents, { clock }] = [this.#database, this.#documents, this];
    const { ledger, settingsJournal: journal } = database;
    this.#policies = createPolicies({ operator, documents, ledger, journal, clock, log });
    this.#changes = createChanges({ database, policies: this.#policies, clock, log });
    this.#administration = createAdministration({ database, policies: this.#policies, clock, log });
  }

  async close(): Promise<void> {
    await this.#database.close();
    await this.#documents.close();
  }

  #asker(userId: string): Asker {
    return { userId, book, roleIds: this.#roles.get(userId) ?? [], isAdministrator: false };
  }

  #named(userId: string) {
    return { userId, isBot: false, roleIds: this.#roles.get(userId) ?? [] };
  }

  /** Takes the step in the real books and in the model. */
  async take(step: Step): Promise<void> {
    const settings = await this.#policies.read(book);
    const now = this.clock.now();
    switch (step.type) {
      case 'charge':
        return this.#charge(step, settings);
      case 'begin':
      case 'ask':
      case 'finish':
      case 'refused':
      case 'timeout':
      case 'unshown':
      case 'unanswered':
        return this.#move(step.type, `task-${step.task}`);
      case 'cancel':
        return this.#cancel(`task-${step.task}`, step.isAgreed);
      case 'grant': {
        const interactionId = `act-${step.act}`;
        this.model.grant(interactionId, this.#asker(step.person), settings, step.points, now);
        await this.#administration.grant(administrator, this.#named(step.person), step.points, {
          interactionId,
        });
        return;
      }
      case 'reset': {
        const interactionId = `act-${step.act}`;
        this.model.reset(interactionId, this.#asker(step.person), settings, step.what, now);
        await this.#administration.reset(administrator, this.#named(step.person), step.what, {
          interactionId,
        });
        return;
      }
      case 'period':
        await this.#administration.setDefault(administrator, { period: step.unit });
        return;
      case 'allowance':
        return this.#allow(step);
      case 'role':
        this.#roles.set(step.person, step.has ? ['patron'] : []);
        return;
      case 'budget':
        await this.#administration.setBudget(administrator, step.points);
        return;
      case 'time':
        this.clock.set(now + step.hours * hour);
        return;
      case 'restart':
        await this.close();
        await this.open();
    }
  }

  async #charge(step: Extract<Step, { type: 'charge' }>, settings: Settings): Promise<void> {
    const id = `task-${step.task}`;
    const asker = this.#asker(step.person);
    if (this.model.tasks.has(id)) {
      // The interaction arrives again: nothing may change.
      await codeOf(this.#changes.open(this.#task(id, step), { settings, asker }));
      return;
    }
    const isExpected = this.model.charge(id, asker, settings, step.price, this.clock.now());
    const code = await codeOf(this.#changes.open(this.#task(id, step), { settings, asker }));
    expect(code === undefined).toBe(isExpected);
  }

  #task(id: string, { person, price }: Extract<Step, { type: 'charge' }>) {
    const place = aPlace({ guildId: book });
    return aTask({
      id,
      price,
      origin: anOrigin({ interactionId: `start-${id}`, userId: person, place }),
      createdAt: this.clock.now(),
    });
  }

  async #cancel(id: string, isAgreed: boolean): Promise<void> {
    const expected = this.model.cancel(id, isAgreed, operator.refundedCancels, this.clock.now());
    const { outcome } = await this.#changes.cancel(id, { canAskProvider: true, isAgreed });
    expect(outcome).toBe(expected);
  }

  async #move(type: Move, id: string): Promise<void> {
    const now = this.clock.now();
    switch (type) {
      case 'begin':
        await this.#begin(id);
        return this.model.begin(id);
      case 'ask':
        await this.#begin(id);
        await this.#changes.change(id, { type: 'looked', update: { state: 'asking' }, nextLookAt: now });
        return this.model.ask(id, operator.refundedCancels, now);
      case 'finish': {
        const update = { state: 'done' as const, media: [], offers: [] };
        const times = { deadlineAt: now, nextLookAt: now };
        await this.#begin(id);
        await this.#changes.change(id, { type: 'answering', prompt: 'a hare', ...times });
        await this.#changes.change(id, { type: 'looked', update, nextLookAt: now });
        return this.model.finish(id);
      }
      case 'refused':
        await this.#fail(id, { kind: 'rejected', mayHaveCost: false });
        return this.model.end(id, 'refused');
      case 'timeout':
        await this.#fail(id, { kind: 'timeout', mayHaveCost: true });
        return this.model.end(id, 'timeout');
      case 'unshown':
        await this.#changes.change(id, { type: 'unshown', kind: 'unshown' });
        return this.model.end(id, 'unshown');
      case 'unanswered':
        await this.#changes.change(id, { type: 'cancelled' });
        if (['waits', 'asks'].includes(this.model.tasks.get(id)?.state ?? ''))
          this.model.end(id, 'cancelled');
    }
  }

  async #begin(id: string): Promise<void> {
    const times = { deadlineAt: this.clock.now(), nextLookAt: this.clock.now() };
    const update = { state: 'running' as const };
    await this.#changes.change(id, { type: 'acknowledged', messageId: `message-${id}` });
    await this.#changes.change(id, { type: 'submitting', ...times });
    await this.#changes.change(id, { type: 'accepted', ref: { id }, update, ...times });
  }

  async #fail(id: string, failure: Failure): Promise<void> {
    await this.#changes.change(id, { type: 'failed', failure });
  }

  async #allow({ of, points }: Extract<Step, { type: 'allowance' }>): Promise<void> {
    if (of === 'everybody') await this.#administration.setDefault(administrator, { points });
    else if (of === 'role') await this.#administration.setRole(administrator, 'patron', points);
    else await this.#administration.setPerson(administrator, this.#named(of), points);
  }

  /** Both books say the same, and it can be true. */
  async check(): Promise<void> {
    const { ledger } = this.#database;
    const settings = await this.#policies.read(book);
    const now = this.clock.now();
    const month = monthAt(now).key;
    const rows = (await Promise.all(people.map((userId) => ledger.listAll(userId, { limit: 1_000 })))).flat();
    const ids = new Set(rows.map(({ id }) => id));
    expect([...ids].sort()).toEqual([...this.model.rows.keys()].sort());
    for (const row of rows) expect(row).toMatchObject(this.model.rows.get(row.id) ?? {});
    const spent = await ledger.spentByBook(book, month);
    const kept = await ledger.keptByBook(book, month);
    expect([spent, kept]).toEqual([this.model.serverSpent(book, month), this.model.serverKept(book, month)]);
    expect(kept).toBeGreaterThanOrEqual(0);
    expect(kept).toBeLessThanOrEqual(spent);
    for (const userId of people) {
      const who = { book, userId };
      expect(await ledger.grantBalance(book, userId)).toBe(this.model.granted(who));
      expect(this.model.granted(who)).toBeGreaterThanOrEqual(0);
      for (const period of this.model.periods()) {
        const spent = await ledger.spentAllowance(book, userId, period);
        expect(spent).toBe(this.model.spent(who, period));
        expect(spent).toBeGreaterThanOrEqual(0);
      }
      const statement = await this.#administration.statement(this.#asker(userId));
      expect(statement.spent).toBe(this.model.spent(who, periodAt(now, calendarOf(settings.book)).key));
      expect(statement.left).toBeGreaterThanOrEqual(0);
    }
    for (const id of this.model.tasks.keys()) {
      const task = await this.#database.tasks.get(id);
      const isRefunded = task?.state === 'failed' || task?.state === 'cancelled';
      expect(ids.has(`charge:${id}`)).toBe(true);
      expect(ids.has(`refund:${id}`)).toBe(isRefunded);
    }
  }
}

describe('the books', () => {
  it('match the model after every step, in any order of events, with each one twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50, size: 'max' }), async (steps) => {
        const folder = await aFolder();
        const pair = new Pair(folder.path);
        try {
          await pair.open();
          for (const one of steps) {
            await pair.take(one);
            await pair.take(one);
            await pair.check();
          }
          const { books } = await auditDatabase(folder.path);
          expect(books?.findings).toEqual([]);
        } finally {
          await pair.close();
          await folder.remove();
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});
