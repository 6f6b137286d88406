import { createAcedata } from './acedata/index.ts';
import { createAigc2d } from './aigc2d/index.ts';
import { createApixo } from './apixo/index.ts';
import { create4allapi } from './mj-proxy/4allapi.ts';
import { createMjproxy } from './mj-proxy/mjproxy.ts';
import { createYutoai } from './mj-proxy/yutoai.ts';
import type { ProviderOptions, StandIn } from './stand-in.ts';

/** Every API that has a local stand-in, by its kind in PROVIDERS. */
export const standIns: Record<
  '4allapi' | 'yutoai' | 'mjproxy' | 'acedata' | 'apixo' | 'aigc2d',
  (options: ProviderOptions) => Promise<StandIn>
> = {
  '4allapi': create4allapi,
  yutoai: createYutoai,
  mjproxy: createMjproxy,
  acedata: createAcedata,
  apixo: createApixo,
  aigc2d: createAigc2d,
};
