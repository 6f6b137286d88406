import { create4allapi } from './4allapi.ts';
import { createAcedata } from './acedata.ts';
import { createAigc2d } from './aigc2d.ts';
import { createApixo } from './apixo.ts';
import { createMjproxy } from './mjproxy.ts';
import type { ProviderOptions, StandIn } from './stand-in.ts';
import { createYutoai } from './yutoai.ts';

/** Every API that has a local stand-in, by the kind that PROVIDERS names it with. */
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
