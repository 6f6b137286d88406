import type { Accounts } from './accounts/accounts.ts';
import { createAccountSettings } from './accounts/administration.ts';
import { createChoice } from './accounts/choose.ts';
import { createDurations, recallTasks } from './accounts/durations.ts';
import { createRealSpeeds } from './accounts/real-speeds.ts';
import { createReceipts } from './accounts/receipts.ts';
import { createRemixing } from './accounts/remixing.ts';
import { createSeedSlots } from './accounts/seed-slots.ts';
import type { Clock } from './clock.ts';
import type { Download } from './images/download.ts';
import type { EarlyCheck } from './inputs/early-check.ts';
import type { LoadMask } from './inputs/masks.ts';
import type { PaintedMasks } from './inputs/painted-masks.ts';
import type { LoadInput } from './inputs/pictures.ts';
import { createPrepare } from './inputs/prepare.ts';
import type { OpenOriginal } from './inputs/region-originals.ts';
import type { DrawCells } from './inputs/region-pictures.ts';
import type { Logger } from './log.ts';
import { createAdministration } from './points/administration.ts';
import { createPolicies } from './points/policies.ts';
import type { OperatorSettings } from './points/policy.ts';
import { createCallbackUrls } from './runner/callback-urls.ts';
import { createCancelling } from './runner/cancelling.ts';
import { createLanes } from './runner/lanes.ts';
import { createMoves } from './runner/moves.ts';
import { createOutcomes } from './runner/outcomes.ts';
import { createPaidCalls, type PaidCallsDependencies } from './runner/paid-calls.ts';
import { createRecovery } from './runner/recovery.ts';
import { createRoom } from './runner/room.ts';
import { createBlocks } from './service/blocks.ts';
import { createBookReports } from './service/book-reports.ts';
import { createDrafts } from './service/drafts.ts';
import { createDrawnStyles } from './service/drawn-styles.ts';
import { createExtensions } from './service/extensions.ts';
import { createFavorites } from './service/favorites.ts';
import { toOutlook } from './service/forecast.ts';
import { createMenuWork } from './service/menu-work.ts';
import { createOwnCancels } from './service/own-cancels.ts';
import { createRequirePaintable } from './service/painted-edits.ts';
import { createPersonalData } from './service/personal-data.ts';
import { createPreferences } from './service/preferences.ts';
import { createPressPrices } from './service/press-prices.ts';
import { createPressSpeeds } from './service/press-speeds.ts';
import { createPresses, type TaskService } from './service/presses.ts';
import { createPrices } from './service/price-view.ts';
import { createProposals } from './service/proposals.ts';
import { createQueue } from './service/queue-view.ts';
import { createRegionPages } from './service/region-pages.ts';
import { createRegions } from './service/regions.ts';
import { createRemixes } from './service/remixes.ts';
import { createResume } from './service/resume.ts';
import { createSeeds } from './service/seeds.ts';
import { createServerSettings, type FindPlaces } from './service/server-settings.ts';
import { createShares } from './service/shares.ts';
import { createCanBeShown } from './service/shown-again.ts';
import { createStars } from './service/stars.ts';
import { createStarts } from './service/start.ts';
import { createTaskCards } from './service/task-cards.ts';
import { createTaskLists } from './service/task-lists.ts';
import { createTaskMessages } from './service/task-messages.ts';
import { createTranslations } from './service/translations.ts';
import type { Database } from './storage/database.ts';
import type { Documents } from './storage/documents.ts';
import type { Pictures } from './storage/pictures.ts';
import type { Reports } from './storage/reports.ts';
import { isEnded, type Task } from './task.ts';
import { createChanges } from './tasks/changes.ts';
import { createMessageMap } from './tasks/message-map.ts';
import { createOutbox } from './tasks/outbox.ts';
import { createRetention } from './tasks/retention.ts';
import { createWordBacklog } from './tasks/word-backlog.ts';
import { type CallbacksDependencies, createCallbacks } from './tracker/callbacks.ts';
import { createLostTasks } from './tracker/lost.ts';
import { createTracker, type TrackerDependencies } from './tracker/tracker.ts';

/** What the relay is built on; it doesn't close any of it. */
export interface RelayParts {
  database: Database;
  documents: Documents;
  pictures: Pictures;
  reports: Pick<Reports, 'rank' | 'exportLedger'>;
  accounts: Accounts;
  operator: OperatorSettings;
  /** Where providers reach this bot, if they can. */
  publicUrl: string | undefined;
  /** How long after a submit its points come back if its answer was lost and nothing is found. */
  lostAfterMs: number;
  /** How many days prompts and pictures are kept. */
  retentionDays: number;
  /** How long original results are kept; 0 if they aren't. */
  pictureDays: number;
  loadInput: LoadInput;
  /** Loads a file that somebody sent to Discord. */
  loadFile: Download;
  findPlaces: FindPlaces;
  loadMask: LoadMask;
  drawCells: DrawCells;
  openOriginal: OpenOriginal;
  paintedMasks: PaintedMasks;
  checkInputs: EarlyCheck;
  /** Whether a task's pictures can still be shown without its provider. */
  isAvailable: (task: Task) => Promise<boolean>;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** What hears of the work, for the metrics. */
  listeners?: RelayListeners | undefined;
}

export type RelayListeners = Pick<PaidCallsDependencies, 'onSubmitted'> &
  Pick<TrackerDependencies, 'onLook'> &
  Pick<CallbacksDependencies, 'onCallback'>;

/**
 * Wires everything between storage and Discord, once. Nothing runs before `recover` and `tracker.start`; what shows tasks
 * listens to `changes`.
 */
export async function createRelay(parts: RelayParts) {
  const { database, documents, pictures, accounts, clock, log } = parts;
  const policies = createPolicies({
    operator: parts.operator,
    documents,
    ledger: database.ledger,
    journal: database.settingsJournal,
    clock,
    log,
  });
  const changes = createChanges({ database, policies, clock, log });
  const shared = { ...parts, ...parts.listeners, policies, changes };

  const durations = createDurations();
  const receipts = createReceipts({ accounts, log });
  const realSpeeds = createRealSpeeds({ clock, log });
  const remixing = createRemixing({ clock, log });
  const learn = (task: Task) => {
    durations.learn(task);
    receipts.learn(task);
    realSpeeds.learn(task);
    remixing.learn(task);
  };

  await accounts.spending.recall(database, clock.now());
  const choice = createChoice({ accounts, policies, clock });
  const callbackKey = await database.keys.read('callbacks');
  const callbackUrlFor = createCallbackUrls({ publicUrl: parts.publicUrl, key: callbackKey, clock });
  const prepare = createPrepare(shared);
  const room = createRoom({ accounts, database });
  const outcomes = createOutcomes({ ...shared, choice, room });
  const paidCalls = createPaidCalls({ ...shared, outcomes, durations, prepare, callbackUrlFor });
  const seedSlots = createSeedSlots({ tasks: database.tasks, policies, now: clock.now });
  const moves = createMoves({ ...shared, choice, room });
  const lanes = createLanes({ ...shared, room, moves, paidCalls, prepare, seedSlots });
  const lostTasks = createLostTasks(shared);
  const tracker = createTracker({ ...shared, lostTasks });
  const cancelling = createCancelling(shared);
  changes.listen(accounts.spending.learn);
  changes.listen(tracker.expect);
  changes.listen((task) => {
    if (isEnded(task)) learn(task);
  });
  changes.listen(lanes.expect);

  const drafts = createDrafts(shared);
  const starts = createStarts({ ...shared, choice, drafts });
  const preferences = createPreferences({ ...shared, remixing, starts });
  const remixes = createRemixes({ accounts, remixing });
  const choosePressSpeed = createPressSpeeds({ accounts, preferences });
  const canBeShown = createCanBeShown(shared);
  const messageMap = createMessageMap({ database, messages: documents.messages, log });
  const service: TaskService = {
    ...createPresses({
      ...shared,
      lanes,
      cancelling,
      starts,
      messageMap,
      drafts,
      preferences,
      remixes,
      choosePressSpeed,
    }),
    ...createTaskMessages({ ...shared, messageMap, canBeShown }),
  };
  const stars = createStars(shared);
  changes.listen((task) => void stars.expect(task));
  const translations = createTranslations({ ...shared, choice, starts });
  const requirePaintable = createRequirePaintable({ ...shared, choice, starts });
  const regionPages = createRegionPages({
    ...shared,
    drafts,
    presses: service,
    starts,
    requirePaintable,
    choosePressSpeed,
  });
  const wakeAll = () => {
    for (const { name } of accounts.all) lanes.wake(name);
  };

  return {
    policies,
    changes,
    lanes,
    tracker,
    service,
    stars,
    callbacks: createCallbacks({ ...shared, key: callbackKey, lostTasks, tracker }),
    drafts,
    regionPages,
    outbox: createOutbox({ database, clock }),
    retention: createRetention({ ...shared, pictures, days: parts.retentionDays }),
    wordBacklog: createWordBacklog(shared),
    recover: createRecovery({ ...shared, cancelling, lanes }),
    /** Returns what to expect of an unfinished task. */
    outlook: (task: Task) =>
      toOutlook(task, { accounts, durations, lanes, database, policies, now: clock.now() }),
    pricesOf: createPressPrices(shared),
    /** Returns for how many days that account's API promises to keep the files of results. */
    keepsFilesDays: (account: string) => accounts.get(account)?.traits.keepsFilesDays,
    /** Returns whether any account makes videos of pictures. */
    animates: () => accounts.all.some(({ provider }) => provider.actions.has('video')),
    /** Learns from the tasks of earlier runs how long tasks take and what they cost. */
    recall: () => recallTasks(database, learn),
    /** What commands and buttons use. */
    useCases: {
      service,
      regions: createRegions({ ...shared, drafts }),
      regionPages,
      resume: createResume({ database, drafts, preferences, starts, presses: service, translations }),
      translations,
      proposals: createProposals({ messageMap, preferences, starts }),
      administration: createAdministration({ database, policies, clock, log }),
      bookReports: createBookReports(shared),
      prices: createPrices(shared),
      queue: createQueue({ database, lanes, clock }),
      ownCancels: createOwnCancels({ database, messageMap, cancelling }),
      seeds: createSeeds({ database, messageMap, changes, accounts, slots: seedSlots, onFree: wakeAll }),
      taskCards: createTaskCards({ database, messageMap, policies }),
      taskLists: createTaskLists(parts),
      favorites: createFavorites({ database, messageMap, stars, clock }),
      shares: createShares({ ...shared, messageMap, canBeShown }),
      menuWork: createMenuWork({ ...shared, messageMap, drafts, preferences, starts }),
      extensions: createExtensions({ messageMap, presses: service, starts, choosePressSpeed }),
      accountSettings: createAccountSettings({ accounts, receipts, policies, database, clock, log }),
      serverSettings: createServerSettings({ ...shared }),
      blocks: createBlocks({ ...shared, cancelling }),
      preferences,
      drawnStyles: createDrawnStyles({ messageMap, preferences }),
      keeping: { promptDays: parts.retentionDays, pictureDays: parts.pictureDays },
      personalData: createPersonalData({ ...shared, drafts, preferences }),
    },
  };
}

export type Relay = Awaited<ReturnType<typeof createRelay>>;
