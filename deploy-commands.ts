import { listBodies } from './commands/index.ts';
import { ConfigError, type DeployConfig, readConfig, readDeployConfig, secretsOf } from './src/config.ts';
import type { PricedAccount } from './src/discord/command.ts';
import { createRegistration } from './src/discord/registration.ts';
import { createTransport } from './src/discord/transport.ts';
import { explainDiscord } from './src/doctor/discord.ts';
import { createLog, type Logger } from './src/log.ts';
import { listPricedAccounts } from './src/priced-accounts.ts';
import { createOpenAgent } from './src/providers/agents.ts';

/** Registers every command; returns false if people may see commands twice because some could not be removed elsewhere. */
async function deploy(config: DeployConfig, log: Logger): Promise<boolean> {
  const makeRequest = createTransport(createOpenAgent(config.proxies));
  const bodies = listBodies(listAccounts());
  const { left, ...registered } = await createRegistration({ config, bodies, makeRequest }).register();
  log.info(registered, 'commands registered');
  for (const { scope, error } of left) {
    const sentence = 'what is registered here as well could not be removed, so people may see commands twice';
    log.error({ scope, error }, `${sentence}; run npm run deploy again`);
  }
  return left.length === 0;
}

/** The accounts whose prices the commands name. Registering needs none of their variables: without them, no price is named. */
function listAccounts(): PricedAccount[] {
  try {
    return listPricedAccounts(readConfig());
  } catch (error) {
    if (error instanceof ConfigError) return [];
    throw error;
  }
}

try {
  const config = readDeployConfig();
  const log = createLog({ level: config.logLevel, secrets: secretsOf({ ...config, providers: [] }) });
  const isComplete = await deploy(config, log).catch((error: unknown) => {
    log.fatal({ error }, `the commands were not registered: ${explainDiscord(error).text}`);
    return false;
  });
  if (!isComplete) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(
    `${[`the commands were not registered: ${error.message}`, ...error.problems].join('\n  ')}\n`,
  );
  process.exitCode = 1;
}
