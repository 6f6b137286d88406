import { commands, messageCommands } from '../commands/index.ts';
import { systemClock as clock } from './clock.ts';
import { type Config, variablesOf } from './config.ts';
import { createAcknowledge } from './discord/acknowledge.ts';
import { createBot } from './discord/bot.ts';
import { createDirectMessages } from './discord/direct-messages.ts';
import { createDirectResults } from './discord/direct-results.ts';
import { createEdits } from './discord/edits.ts';
import { createFindPlaces } from './discord/places.ts';
import { createPostTask } from './discord/post-task.ts';
import { createPublisher } from './discord/publisher.ts';
import { createResponder } from './discord/respond.ts';
import { createLoadResult } from './discord/result-files.ts';
import { createSettingsLog } from './discord/settings-log.ts';
import { createStarForwarding } from './discord/star-forwarding.ts';
import { createTransport } from './discord/transport.ts';
import { createLoadDescribed } from './inputs/described.ts';
import type { LoadInput } from './inputs/pictures.ts';
import { wordsFor } from './locales/index.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Agents } from './providers/agents.ts';
import type { Relay } from './relay.ts';
import { createByteBudget } from './tasks/byte-budget.ts';
import type { Results } from './tasks/results.ts';

/** A dozen typical results, or one large one: downloading, keeping and uploading take several times as much for a moment. */
const resultsUnderWayBytes = 32 * 1024 * 1024;

/** Writes to Discord, for which no gateway is needed. */
export function createWriting(
  { discord: { token, apiUrl } }: Config,
  {
    agents,
    metrics,
    log,
    onClosed,
  }: { agents: Agents; metrics: Metrics | undefined; log: Logger; onClosed: () => void },
) {
  const makeRequest = createTransport(agents.discord, metrics?.onAnswer);
  const onUnauthorized = () => {
    log.fatal('Discord refuses the token: look at DISCORD_TOKEN');
    onClosed();
  };
  return {
    makeRequest,
    edits: createEdits({ apiUrl, token, makeRequest, clock, onUnauthorized }),
    responder: createResponder({ apiUrl, makeRequest, onAnswered: metrics?.onAnswered }),
    direct: createDirectMessages({ apiUrl, token, makeRequest }),
    findPlaces: createFindPlaces({ apiUrl, token, makeRequest, log }),
  };
}

/** The bot in Discord: what it hears, and what it writes. Nothing runs yet. */
export function createDiscord(
  { discord: { token, apiUrl } }: Config,
  parts: {
    relay: Relay;
    results: Results;
    loadInput: LoadInput;
    writing: ReturnType<typeof createWriting>;
    metrics: Metrics | undefined;
    log: Logger;
    onClosed: () => void;
  },
) {
  const { relay, results, metrics, log, onClosed } = parts;
  const { changes, service, outbox, outlook } = relay;
  const { preferences } = relay.useCases;
  const { makeRequest, edits, responder, direct } = parts.writing;
  const directResults = createDirectResults({ shares: relay.useCases.shares, service, direct });
  const publisher = createPublisher({
    outbox,
    edits,
    tellDirectly: directResults.tell,
    loadResult: createLoadResult({
      results,
      loadDescribed: createLoadDescribed(parts.loadInput),
      wantsMetadata: async (userId) => (await preferences.read(userId)).metadata !== 'off',
      log,
    }),
    budget: createByteBudget(resultsUnderWayBytes),
    locate: (taskId, messageId) => service.located(taskId, messageId),
    unshow: async (taskId, kind) => (await changes.change(taskId, { type: 'unshown', kind })) !== undefined,
    baseUrlVariableOf: (account) => `${variablesOf(account)}BASE_URL`,
    outlook,
    pricesOf: relay.pricesOf,
    animates: relay.animates,
    keepsFilesDays: relay.keepsFilesDays,
    words: wordsFor,
    random: Math.random,
    clock,
    log,
    onShown: metrics?.onShown,
  });
  const settingsLog = createSettingsLog({
    policies: relay.policies,
    blocks: relay.useCases.blocks,
    edits,
    words: wordsFor,
    log,
  });
  const starForwarding = createStarForwarding({
    stars: relay.stars,
    edits,
    tellUnwritable: settingsLog.tellUnwritable,
    clock,
    log,
  });
  changes.listen(publisher.announce);
  const postTask = createPostTask({ edits, outlook, words: wordsFor });
  const acknowledge = createAcknowledge({ service, responder, postTask, clock, log });
  const bot = createBot({
    token,
    apiUrl,
    makeRequest,
    commands,
    messageCommands,
    policies: relay.policies,
    useCases: relay.useCases,
    responder,
    acknowledge,
    directResults,
    words: wordsFor,
    clock,
    log,
    onClosed,
    onReceived: metrics?.onReceived,
  });
  return { publisher, starForwarding, acknowledge, bot };
}
