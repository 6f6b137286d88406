import { join } from 'node:path';
import { pino } from 'pino';
import { createAccounts } from '../../src/accounts/accounts.ts';
import type { LimitOptions } from '../../src/accounts/limits.ts';
import type { EarlyCheck } from '../../src/inputs/early-check.ts';
import type { LoadMask } from '../../src/inputs/masks.ts';
import { createPaintedMasks } from '../../src/inputs/painted-masks.ts';
import type { LoadInput } from '../../src/inputs/pictures.ts';
import type { OpenOriginal } from '../../src/inputs/region-originals.ts';
import type { DrawCells } from '../../src/inputs/region-pictures.ts';
import type { OperatorSettings } from '../../src/points/policy.ts';
import { listPrices, type PriceList } from '../../src/points/prices.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import {
  type Answer,
  type InputForm,
  mjProxyInputs,
  type Provider,
  type ProviderRequest,
  promptedPictures,
  type Submitted,
} from '../../src/providers/provider.ts';
import { type RelayListeners, createRelay as wire } from '../../src/relay.ts';
import type { Opened, TaskCaller } from '../../src/service/start.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { openDocuments } from '../../src/storage/documents.ts';
import { createPictures } from '../../src/storage/pictures.ts';
import { createReports } from '../../src/storage/reports.ts';
import {
  type Action,
  followUpActions,
  type Ref,
  type Speed,
  type Task,
  type Update,
} from '../../src/task.ts';
import { createFakeClock, settle } from './clock.ts';
import { detailsOf } from './errors.ts';
import { aFolder } from './folder.ts';
import { aCaller } from './tasks.ts';

/** A provider that does what the test says. */
export interface ScriptedProvider extends Provider {
  readonly submits: ProviderRequest[];
  readonly looks: Ref[][];
  /** What the next submits do; by default they are accepted with a new id. */
  onSubmit: (request: ProviderRequest) => Promise<Submitted> | Submitted;
  onLook: (refs: readonly Ref[]) => Map<string, Update> | Promise<Map<string, Update>>;
  readonly answers: ({ ref: Ref } & Answer)[];
  onAnswer: (ref: Ref) => Promise<Submitted> | Submitted;
  find?: NonNullable<Provider['find']>;
  findAlike?: NonNullable<Provider['findAlike']>;
  review?: NonNullable<Provider['review']>;
  takesEmptyAnswers?: boolean;
  canRemix?: NonNullable<Provider['canRemix']>;
  cancel?: NonNullable<Provider['cancel']>;
  callback?: NonNullable<Provider['callback']>;
  readCallback?: NonNullable<Provider['readCallback']>;
}

export function createScriptedProvider(): ScriptedProvider {
  const submits: ProviderRequest[] = [];
  const looks: Ref[][] = [];
  return {
    actions: new Set<Action>(['imagine', 'describe', ...followUpActions]),
    speeds: new Set(['fast', 'relax']),
    submits,
    looks,
    onSubmit: () => ({ ref: { id: `remote-${submits.length}` }, update: { state: 'running' } }),
    onLook: (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }])),
    async submit(request) {
      submits.push(request);
      return this.onSubmit(request);
    },
    answers: [],
    onAnswer: (ref) => ({ ref, update: { state: 'running' } }),
    async answer(ref, answer) {
      this.answers.push({ ref, ...answer });
      return this.onAnswer(ref);
    },
    async look(refs) {
      looks.push([...refs]);
      return this.onLook(refs);
    },
  };
}

export interface RelayOptions {
  maxInFlight?: number;
  /** Names; all of them are the same provider. */
  accounts?: readonly string[];
  findsByPrompt?: boolean;
  /** For accounts that are not the same provider. */
  providers?: Readonly<Record<string, Provider>>;
  /** What kind of API an account has, by its name; `mjproxy` unless given. */
  kinds?: Readonly<Record<string, string>>;
  submitEveryMs?: number;
  /** How many pictures an account takes for an imagine, by its name. */
  mostPictures?: Readonly<Record<string, number>>;
  /** The accounts that take a mask with an edit. */
  masksEdits?: readonly string[];
  /** The accounts that pass on Midjourney's own words for an edit with several pictures. */
  editModel?: readonly string[];
  takesPressSpeeds?: boolean;
  /** How an account takes pictures, by its name. */
  inputs?: Readonly<Record<string, InputForm>>;
  taskTimeoutMs?: number;
  lostAfterMs?: number;
  loadInput?: LoadInput;
  loadMask?: LoadMask;
  /** What a file of settings that was sent has in it. */
  settingsFile?: () => string;
  /** The roles of the server. */
  knownRoles?: readonly string[];
  drawCells?: DrawCells;
  openOriginal?: OpenOriginal;
  checkInputs?: EarlyCheck;
  isKept?: boolean;
  /** If set, the provider gets an address to call back. */
  publicUrl?: string;
  takesCallbacks?: boolean;
  operator?: Partial<OperatorSettings>;
  /** When an account works, and for how many points a day in UTC, by its name. */
  limits?: Readonly<Record<string, LimitOptions>>;
  /** What hears of the work. */
  listeners?: RelayListeners;
  /** What an account charges, by its name. */
  prices?: Readonly<Record<string, PriceList>>;
}

/** The program without Discord: real storage, a scripted provider, and time that passes when told to. */
export async function createRelay(options: RelayOptions = {}) {
  const folder = await aFolder();
  const clock = createFakeClock();
  const provider = createScriptedProvider();
  const announced: Task[] = [];
  const lines: string[] = [];
  const closings: (() => Promise<void>)[] = [];

  async function open() {
    const database = await openDatabase(folder.path);
    const documents = openDocuments(folder.path);
    const reports = createReports(folder.path);
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const accounts = createAccounts(
      (options.accounts ?? ['main']).map((name) => ({
        name,
        kind: options.kinds?.[name] ?? 'mjproxy',
        prices: options.prices?.[name] ?? listPrices('mjproxy'),
        provider: options.providers?.[name] ?? provider,
        traits: {
          maxInFlight: 3,
          taskTimeoutMs: 3_600_000,
          pollFloorMs: 5_000,
          lookBatch: 50,
          inputs: options.inputs?.[name] ?? mjProxyInputs,
          findsByPrompt: options.findsByPrompt ?? true,
          videos: mjProxyGateways.mjproxy.traits.videos,
          masksEdits: options.masksEdits?.includes(name) ?? false,
          takesPressSpeeds: options.takesPressSpeeds ?? false,
          mostPictures: { imagine: options.mostPictures?.[name] ?? 20 },
          ...(options.editModel?.includes(name) === true ? { editModelInputs: promptedPictures } : {}),
          ...(options.submitEveryMs === undefined ? {} : { submitEveryMs: options.submitEveryMs }),
        },
        maxInFlight: options.maxInFlight,
        taskTimeoutMs: options.taskTimeoutMs,
        takesCallbacks: options.takesCallbacks,
        ...options.limits?.[name],
      })),
      { clock, log },
    );
    const operator = {
      allowedGuilds: '*',
      allowsDirect: false,
      operatorIds: new Set<string>(),
      serverBudget: undefined,
      refundedCancels: 10,
    } as const;
    const pictures = await createPictures({
      directory: join(folder.path, 'pictures'),
      days: 30,
      maxBytes: 1_000_000,
      clock,
    });
    const paintedMasks = createPaintedMasks({ documents, clock });
    const relay = await wire({
      database,
      documents,
      pictures,
      reports,
      accounts,
      operator: { ...operator, ...options.operator },
      publicUrl: options.publicUrl,
      lostAfterMs: options.lostAfterMs ?? 600_000,
      retentionDays: 365,
      pictureDays: 30,
      loadInput:
        options.loadInput ??
        (async ({ url }) => ({ bytes: Buffer.from('x'), type: 'image/png' as const, url })),
      findPlaces: async (_guildId, channelIds) => ({
        channels: new Set(channelIds),
        roles: new Set(options.knownRoles),
      }),
      loadFile: async () => Buffer.from(options.settingsFile?.() ?? ''),
      loadMask: options.loadMask ?? (async () => undefined),
      drawCells: options.drawCells ?? (async () => undefined),
      openOriginal: options.openOriginal ?? (async () => 'gone'),
      paintedMasks,
      checkInputs: options.checkInputs ?? (async () => undefined),
      isAvailable: async () => options.isKept ?? true,
      clock,
      random: () => 0.5,
      log,
      listeners: options.listeners,
    });
    relay.changes.listen((task) => announced.push(task));
    const { lanes, tracker } = relay;
    const close = async () => {
      await lanes.stop();
      await tracker.stop();
      await reports.close();
      await database.close();
      await documents.close();
    };
    closings.push(close);
    return {
      ...relay,
      ...relay.useCases,
      paintedMasks,
      regionPages: relay.regionPages,
      database,
      documents,
      accounts,
      close,
    };
  }

  const parts = await open();
  parts.tracker.start();

  return {
    ...parts,
    /** The folder with its data. */
    path: folder.path,
    clock,
    provider,
    announced,
    /** The log, warnings and worse. */
    lines,
    /** What was started, once its person has agreed to the price if they were asked. */
    async agreed(opened: Promise<Opened>, caller: TaskCaller): Promise<Opened> {
      try {
        return await opened;
      } catch (error) {
        const { draft } = detailsOf(error, 'price-unconfirmed') ?? {};
        if (draft === undefined) throw error;
        return parts.resume.agree(draft, caller);
      }
    },
    /** Starts an imagine and acknowledges it, as the command does. */
    async imagine(userId = '444444444444444444', prompt = 'a fox', speed: Speed = 'fast') {
      const caller = aCaller({ userId });
      const request = { action: 'imagine', prompt, speed, pictures: [] } as const;
      const { task } = await this.agreed(parts.service.start(request, caller), caller);
      await parts.service.acknowledged(task.id, `message-of-${task.id}`);
      await settle();
      return task.id;
    },
    /** An imagine that is done. */
    async finished(): Promise<string> {
      const look = provider.onLook;
      provider.onLook = allDone;
      const id = await this.imagine();
      await clock.pass(10_000);
      provider.onLook = look;
      return id;
    },
    async read(id: string): Promise<Task> {
      const task = await parts.database.tasks.get(id);
      if (task === undefined) throw new Error(`no task ${id}`);
      return task;
    },
    async left(userId = '444444444444444444') {
      return (await parts.administration.statement(aCaller({ userId }).asker)).left;
    },
    /** As if the process had died: nothing in progress is waited for or saved. */
    async crash() {
      closings.length = 0;
      await parts.database.close();
      await parts.documents.close();
    },
    /** Opens the same folder again, like a new process; the old parts must be closed. */
    reopen: open,
    async remove() {
      for (const close of closings) await close().catch(() => undefined); // the test has closed it
      await folder.remove();
    },
  };
}

export type Relay = Awaited<ReturnType<typeof createRelay>>;

export const aResult: Update = {
  state: 'done',
  media: [{ kind: 'picture', url: 'https://pictures.example/1.png' }],
  offers: [
    { action: 'upscale', index: 1, token: 'MJ::JOB::upsample::1::abc' },
    { action: 'upscale', index: 2, token: 'MJ::JOB::upsample::2::abc' },
    { action: 'custom-zoom', token: 'MJ::CustomZoom::abc' },
    { action: 'vary-region', token: 'MJ::Inpaint::1::abc::SOLO' },
  ],
};

/** What makes every look return that update. */
export function always(update: Update): ScriptedProvider['onLook'] {
  return (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', update]));
}

/** Makes every look return a result. */
export function allDone(refs: readonly Ref[]): Map<string, Update> {
  return new Map(refs.map((ref) => [ref['id'] ?? '', aResult]));
}
