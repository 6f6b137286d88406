import { describe, expect, it } from 'vitest';
import { createLog } from '../src/log.ts';
import { createReadableLog, toReadable } from '../src/readable-log.ts';

/** Without colors, and with the time replaced. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colors are made of
  return text.replaceAll(/\u001b\[\d+m/g, '').replaceAll(/^\d\d:\d\d:\d\d/gm, 'TIME');
}

function logged(secrets: string[], write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const destination = createReadableLog({ write: (line) => void lines.push(line) });
  write(createLog({ level: 'debug', secrets, destination }));
  return plain(lines.join(''));
}

describe('a log in a terminal', () => {
  it('is a line with time, level, sentence and facts', () => {
    expect(logged([], (log) => log.info({ version: '1.0', left: [1, 2] }, 'starting'))).toBe(
      'TIME info  starting  version=1.0 left=[1,2]\n',
    );
  });

  it('shows what an error says, its causes, and where it comes from only if that is needed', () => {
    const error = new TypeError('it broke', { cause: new Error('nobody listens') });
    const warned = logged([], (log) => log.warn({ error }, 'tried again'));
    expect(warned).toBe(
      'TIME warn  tried again\n         TypeError: it broke\n         Error: nobody listens\n',
    );
    expect(logged([], (log) => log.error({ error }, 'failed'))).toContain('readable-log.test.ts');
  });

  it('writes no secret', () => {
    const text = logged(['canary"key'], (log) => log.warn({ said: 'canary"key' }, 'it is canary"key'));
    expect(text).toContain('it is');
    expect(text).not.toContain('canary');
  });

  it('lets no foreign words move the cursor or write lines', () => {
    const text = logged([], (log) => log.warn({ said: 'a\u001b[2Jb\nTIME info  c' }, 'x\r\u202ey'));
    expect(text).toBe('TIME warn  x  y  said=a [2Jb TIME info  c\n');
  });

  it.each(['not JSON\n', '12\n', 'null\n'])('leaves %j as it is', (line) => {
    expect(toReadable(line)).toBe(line);
  });
});
