import { commands, messageCommands } from '../commands/index.ts';
import { type Config, ConfigError, readConfig, secretsOf } from './config.ts';
import { createTransport } from './discord/transport.ts';
import { type Check, listChecks, takeCheck } from './doctor/checks.ts';
import { count, enumerate, type Line, toText } from './doctor/line.ts';
import { createHiding } from './hiding.ts';
import { createAgents } from './providers/agents.ts';
import { createHttp } from './providers/http.ts';

function prepareChecks(config: Config): Check[] {
  const agents = createAgents(config);
  return listChecks({
    config,
    makeRequest: createTransport(agents.discord),
    httpOf: (account) => createHttp({ dispatcher: agents.account(account) }),
    commandNames: [...commands, ...messageCommands].map(({ data }) => data.name),
  });
}

/** Runs all checks at once, and prints their lines in the order of the list. */
async function main(): Promise<void> {
  let hide = (text: string) => text;
  const tell = (line: Line) => {
    process.stdout.write(`${toText(line, hide)}\n`);
    if (line.verdict === 'FAIL') process.exitCode = 1;
  };
  try {
    const config = readConfig();
    ({ hide } = createHiding(secretsOf(config), { publicUrl: config.callbacks?.publicUrl }));
    const names = enumerate(
      config.providers.map(({ name }) => name),
      10,
    );
    const text = `it can be read; ${count(config.providers.length, 'account')} (${names})`;
    tell({ verdict: 'ok', what: 'configuration', text });
    for (const doubt of config.doubts) tell({ verdict: 'warn', what: 'configuration', text: doubt });
    for (const lines of prepareChecks(config).map(takeCheck)) for (const line of await lines) tell(line);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const text of error.problems) tell({ verdict: 'FAIL', what: 'configuration', text });
    tell({ verdict: 'skip', what: 'everything else', text: 'fix the configuration first' });
  }
}

await main();
