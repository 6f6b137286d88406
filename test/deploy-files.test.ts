import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../src/config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** What a start with these variables says is wrong or unknown. */
function doubtsAbout(variables: Readonly<Record<string, string>>): readonly string[] {
  const least = {
    DISCORD_TOKEN: 'x',
    ALLOWED_GUILDS: '*',
    PROVIDERS: 'main=4allapi',
    PROVIDER_MAIN_API_KEY: 'x',
  };
  const filled = Object.entries(variables).filter(([, value]) => value !== '');
  return readConfig({ ...least, ...Object.fromEntries(filled) }).doubts;
}

describe('deploy/kubernetes.yaml', () => {
  const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal('admin') }) });
  const deployment = z.object({
    spec: z.object({
      replicas: z.number(),
      strategy: z.object({ type: z.string() }),
      template: z.object({
        spec: z.object({
          terminationGracePeriodSeconds: z.number(),
          volumes: z.array(z.looseObject({ name: z.string() })),
          containers: z.tuple([
            z.object({
              env: z.array(z.object({ name: z.string(), value: z.string() })),
              ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
              startupProbe: probe,
              livenessProbe: probe,
              readinessProbe: probe,
              volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
            }),
          ]),
        }),
      }),
    }),
  });
  const documents = parseAllDocuments(read('deploy/kubernetes.yaml'));
  const [claim, work] = documents.map((document) => document.toJS());
  const { spec } = deployment.parse(work);
  const [relay] = spec.template.spec.containers;

  it('is two valid documents', () => {
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    expect([claim.kind, work.kind]).toEqual(['PersistentVolumeClaim', 'Deployment']);
  });

  it('never runs two bots at once, and gives one the time to stop', () => {
    expect([spec.replicas, spec.strategy.type]).toEqual([1, 'Recreate']);
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(10);
  });

  it('asks where the bot answers, and keeps its data in the claim', () => {
    const variables = Object.fromEntries(relay.env.map(({ name, value }) => [name, value]));
    expect(doubtsAbout(variables)).toEqual([]);
    expect(String(relay.ports[0]?.containerPort)).toBe(variables['ADMIN_PORT']);
    const paths = [relay.startupProbe, relay.livenessProbe, relay.readinessProbe].map(
      ({ httpGet }) => httpGet.path,
    );
    expect(paths).toEqual(['/livez', '/livez', '/readyz']);
    const mount = relay.volumeMounts.find(({ mountPath }) => mountPath === variables['DATA_DIR']);
    const volume = spec.template.spec.volumes.find(({ name }) => name === mount?.name);
    expect(volume).toMatchObject({ persistentVolumeClaim: { claimName: claim.metadata.name } });
  });
});

describe('deploy/midjourney-relay.service', () => {
  const lines = read('deploy/midjourney-relay.service').split('\n');
  const settingOf = (name: string) =>
    lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';

  it('runs what npm start runs', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const start = scripts['start']?.replace('--env-file-if-exists=.env ', '');
    expect(settingOf('ExecStart')).toBe(`/srv/midjourney-relay/node_modules/node/bin/${start}`);
    expect(existsSync(join(root, 'node_modules/node/bin/node'))).toBe(true);
    expect(Number(settingOf('TimeoutStopSec'))).toBeGreaterThan(10);
  });

  it('keeps its data where systemd lets it write', () => {
    const [directory = ''] = settingOf('Environment').split(' ');
    expect(directory).toBe(`DATA_DIR=/var/lib/${settingOf('StateDirectory')}`);
  });
});

describe('deploy/pterodactyl-egg.json', () => {
  const egg = z
    .object({
      meta: z.object({ version: z.literal('PTDL_v2') }),
      startup: z.string(),
      config: z.object({ startup: z.string(), stop: z.string() }),
      variables: z.array(
        z.object({ env_variable: z.string(), default_value: z.string(), rules: z.string() }),
      ),
    })
    .parse(JSON.parse(read('deploy/pterodactyl-egg.json')));

  it('asks for variables of the bot, with values that it takes', () => {
    const own = egg.variables.filter(({ env_variable: name }) => name !== 'GIT_ADDRESS');
    const values = Object.fromEntries(
      own.map(({ env_variable, default_value }) => [env_variable, default_value]),
    );
    // A value for those that have none, so that each name is looked at.
    const examples = {
      PROVIDER_MAIN_BASE_URL: 'https://api.example',
      OPERATOR_IDS: '123456789012345678',
      SERVER_BUDGET_POINTS: '50000',
    };
    expect(doubtsAbout({ ...values, ...examples })).toEqual([]);
    const example = read('.env.example');
    for (const { env_variable: name } of own) expect(example).toContain(`${name}=`);
  });

  it('knows when the bot is ready, and stops it with a signal', () => {
    const { done } = JSON.parse(egg.config.startup) as { done: string[] };
    expect(done).toContain('"msg":"ready"');
    expect(egg.config.stop).toBe('^C');
  });
});

describe('.github/workflows/publish.yml', () => {
  it('publishes an image for both processors, from a Dockerfile that is there', () => {
    const workflow = parse(read('.github/workflows/publish.yml')) as {
      on: { push: { tags: string[] } };
      jobs: { image: { steps: { uses: string; with?: Record<string, unknown> }[] } };
    };
    expect(workflow.on.push.tags).toEqual(['v*']);
    const build = workflow.jobs.image.steps.find(({ uses }) => uses.startsWith('docker/build-push-action@'));
    expect(build?.with).toMatchObject({ platforms: 'linux/amd64,linux/arm64', push: true });
    expect(existsSync(join(root, 'Dockerfile'))).toBe(true);
  });
});
