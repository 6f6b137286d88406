import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBody } from '../../src/discord/multipart.ts';

/** Reads a body as a browser does. */
async function read({ body, headers }: ReturnType<typeof toBody>): Promise<[string, string | File][]> {
  const form = await new Response(new Uint8Array(body as Buffer), { headers: headers ?? {} }).formData();
  return [...form] as [string, string | File][];
}

describe('toBody', () => {
  it('leaves a message without files to be sent as JSON', () => {
    expect(toBody({ content: 'a fox' }, [])).toEqual({ body: { content: 'a fox' } });
  });

  it('writes files under their numbers, and the message behind them', async () => {
    const fields = await read(
      toBody({ content: 'ein Füchs 🦊' }, [
        { name: 'a-fox.png', data: Buffer.from([1, 2, 3]), contentType: 'image/png' },
        { name: 'prompt.txt', data: 'a fox\r\n--relay' },
      ]),
    );
    expect(fields.map(([name]) => name)).toEqual(['files[0]', 'files[1]', 'payload_json']);
    const [picture, text, json] = fields.map(([, value]) => value) as [File, File, string];
    expect([picture.name, picture.type, ...(await picture.bytes())]).toEqual([
      'a-fox.png',
      'image/png',
      1,
      2,
      3,
    ]);
    expect([text.name, text.type, await text.text()]).toEqual([
      'prompt.txt',
      'application/octet-stream',
      'a fox\r\n--relay',
    ]);
    expect(JSON.parse(json)).toEqual({ content: 'ein Füchs 🦊' });
  });

  it('carries any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (data) => {
        const [file, json, ...others] = await read(toBody({}, [{ name: 'a.png', data: Buffer.from(data) }]));
        expect([file?.[0], json, others]).toEqual(['files[0]', ['payload_json', '{}'], []]);
        expect(await (file?.[1] as File | undefined)?.bytes()).toEqual(new Uint8Array(data));
      }),
    );
  });

  it.each(['relay-a-fox.png', 'SPOILER_relay-1-2.webp', 'relay-XyZ_09.mp4'])(
    'takes the name %s',
    async (name) => {
      const [file] = await read(toBody({}, [{ name, data: 'x' }]));
      expect((file?.[1] as File | undefined)?.name).toBe(name);
    },
  );

  it.each(['', 'a".png', 'a\r\nb.png', 'a b.png', '狐.png'])('refuses the name %j', (name) => {
    expect(() => toBody({}, [{ name, data: 'x' }])).toThrow(RangeError);
  });
});
