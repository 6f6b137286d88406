import { describe, expect, it } from 'vitest';
import { kinds } from '../../sandbox/index.ts';
import { useWorld } from './stage.ts';

describe('npm run doctor', () => {
  const whole = useWorld({ kinds });

  async function doctor(): Promise<string[]> {
    const program = whole.sandbox.launch('src/doctor.ts');
    await program.exited;
    return program.lines.map((line) => line.trim());
  }

  it('finds everything all right with only the required variables', async () => {
    await whole.deploy();
    const lines = await doctor();
    expect(lines.filter((line) => !line.startsWith('ok'))).toEqual([
      'skip  way out: HTTPS_PROXY is not set: everything is called directly',
      'warn  alerts: nobody is told if something breaks: set ALERT_WEBHOOK_URL or OPERATOR_IDS',
      'skip  public address: PUBLIC_URL is not set',
    ]);
    expect(lines.filter((line) => /account \w+ \(/.test(line))).toHaveLength(kinds.length);
  });

  it('calls a public address public', async () => {
    whole.sandbox.front.routes.set('relay.example.org', 8787);
    await whole.sandbox.set({ PUBLIC_URL: 'https://relay.example.org' });
    const [line] = (await doctor()).slice(-1);
    expect(line).toBe('ok    public address: a call to PUBLIC_URL arrives at HTTP_PORT');
  });
});
