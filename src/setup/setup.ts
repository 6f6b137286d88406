import { ConfigError, providerKinds, readConfig, readDeployConfig, variablesOf } from '../config.ts';
import type { Line } from '../doctor/line.ts';
import type { Values } from './env-file.ts';
import { NoAnswerError, type Terminal } from './terminal.ts';

/** A server that the bot is in. */
export interface Server {
  readonly id: string;
  readonly name: string;
}

/** What is asked live, with the variables as they are so far. */
export interface Inquiries {
  checkToken(environment: Values): Promise<Line>;
  listServers(environment: Values): Promise<readonly Server[]>;
  invitation(environment: Values): Promise<string>;
  checkAccount(environment: Values): Promise<Line>;
}

export interface SetupDependencies {
  readonly terminal: Terminal;
  readonly inquiries: Inquiries;
  /** What is set already, in the environment or in `.env`. */
  readonly known: Values;
}

/** It cannot go on; the message says which variable is needed. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

const defaultAccount = 'main';

/** Asks for everything that a first start needs, checks each answer live, and returns the variables. What is known isn't asked again. */
export async function askForSettings({ terminal, inquiries, known }: SetupDependencies): Promise<Values> {
  const settings: Record<string, string> = {};
  const environment = (): Values => ({ ...known, ...settings });

  async function askFor(name: string, { text, hidden = false, usual }: Question): Promise<string> {
    const suffix = usual === undefined ? ': ' : ` [${usual}]: `;
    try {
      return (await terminal.ask(text + suffix, { hidden })) || usual || '';
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      throw new SetupError(`${name} is needed: answer the question, or set the variable`);
    }
  }

  /** For what can be left out, nobody has to be there. */
  async function askIfAnybody(name: string, question: Question): Promise<string> {
    try {
      return await askFor(name, question);
    } catch (error) {
      if (error instanceof SetupError) return '';
      throw error;
    }
  }

  /** Asks until the value is one that the bot takes and the check is content, or the operator keeps it. */
  async function settle(name: string, question: Question): Promise<void> {
    if (known[`${name}_FILE`] !== undefined) return settleFile(name, question);
    for (let value = known[name] ?? ''; ; value = '') {
      if (value === '') value = await (question.isOptional === true ? askIfAnybody : askFor)(name, question);
      delete settings[name];
      if (value === '' && question.isOptional === true) return;
      settings[name] = value;
      if (problemsOf(environment(), name).some(report)) continue;
      if (await isContent(question)) return;
      const answer = await askFor(name, { text: 'Type it again (Enter), or keep it as it is (k)?' });
      if (answer.toLowerCase() === 'k') return;
    }
  }

  /** A secret in a file is only checked: whoever put it there knows how to change it. */
  async function settleFile(name: string, question: Question): Promise<void> {
    const [problem] = problemsOf(environment(), name);
    if (problem !== undefined) throw new SetupError(problem);
    if (!(await isContent(question))) throw new SetupError(`look at the file of ${name}_FILE`);
  }

  async function isContent({ check }: Question): Promise<boolean> {
    const line = await check?.(environment());
    if (line !== undefined) terminal.say(`  ${line.verdict}: ${line.text}`);
    if (line?.cure !== undefined && (await agrees())) {
      Object.assign(settings, line.cure);
      return true;
    }
    return line?.verdict !== 'FAIL';
  }

  /** Whether variables that were found to work are taken. */
  async function agrees(): Promise<boolean> {
    const answer = await askFor('PROVIDERS', { text: 'Set these variables? (y or n)', usual: 'y' });
    return answer.toLowerCase().startsWith('y');
  }

  function report(problem: string): true {
    terminal.say(`  ${problem}`);
    return true;
  }

  terminal.say(
    'This writes .env for the bot. Nothing is written before the end; Ctrl-C leaves everything as it is.',
  );
  await settle('DISCORD_TOKEN', {
    text: 'Bot token (https://discord.com/developers/applications, your application, Bot, Reset Token)',
    hidden: true,
    check: inquiries.checkToken,
  });
  await settleServers();
  await settleAccount();
  await settle('OPERATOR_IDS', {
    text: 'Your own Discord user id, which makes you the operator (Enter for none)',
    isOptional: true,
  });
  await settle('SERVER_BUDGET_POINTS', {
    text: 'Points that a server may spend a month; a picture costs 100 (Enter for no limit)',
    isOptional: true,
  });
  return settings;

  async function settleServers(): Promise<void> {
    let servers = await inquiries.listServers(environment());
    if (servers.length === 0) {
      terminal.say(
        `The bot is in no server yet. Open this address to add it:\n  ${await inquiries.invitation(environment())}`,
      );
      if (known['ALLOWED_GUILDS'] === undefined)
        await askFor('ALLOWED_GUILDS', { text: 'Press Enter when it is added' });
      servers = await inquiries.listServers(environment());
    }
    for (const { id, name } of servers) terminal.say(`  ${id}  ${name}`);
    const usual = servers.map(({ id }) => id).join(',');
    await settle('ALLOWED_GUILDS', {
      text: 'Ids of the servers where the bot works, or * for any',
      ...(usual === '' ? {} : { usual }),
    });
  }

  async function settleAccount(): Promise<void> {
    if (known['PROVIDERS'] === undefined) {
      const kinds = providerKinds.join(', ');
      for (let kind = ''; settings['PROVIDERS'] === undefined; ) {
        kind = await askFor('PROVIDERS', {
          text: `Which API is your key for (${kinds})`,
          usual: providerKinds[0],
        });
        const isRefused = problemsOf(
          { ...environment(), PROVIDERS: `${defaultAccount}=${kind}` },
          'PROVIDERS',
        ).some(report);
        if (!isRefused) settings['PROVIDERS'] = `${defaultAccount}=${kind.toLowerCase()}`;
      }
    } else settings['PROVIDERS'] = known['PROVIDERS'];
    const [first = ''] = settings['PROVIDERS']?.split(',') ?? [];
    const [name = '', kind = name] = first.split('=').map((part) => part.trim());
    const prefix = variablesOf(name);
    if (needsBaseUrl(environment(), `${prefix}BASE_URL`))
      await settle(`${prefix}BASE_URL`, { text: `Base URL of your ${kind}, as in https://api.example.org` });
    await settle(`${prefix}API_KEY`, {
      text: `Key for ${kind}`,
      hidden: true,
      check: inquiries.checkAccount,
    });
  }
}

interface Question {
  readonly text: string;
  readonly hidden?: boolean;
  readonly usual?: string;
  readonly isOptional?: boolean;
  readonly check?: (environment: Values) => Promise<Line>;
}

function needsBaseUrl(environment: Values, name: string): boolean {
  return environment[name] !== undefined || problemsOf(environment, name).length > 0;
}

/** What the configuration says about one variable, whatever is missing besides. */
function problemsOf(environment: Values, name: string): readonly string[] {
  const read =
    name.startsWith('PROVIDER') || name.startsWith('SERVER_') || name.startsWith('OPERATOR_')
      ? readConfig
      : readDeployConfig;
  try {
    read(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.filter((problem) => problem.startsWith(`${name}:`));
  }
}
