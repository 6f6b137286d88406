import type { ProviderRequest } from '../../src/providers/provider.ts';

/** What the runner hands a provider for an imagine without pictures or options. */
export const anImagine: ProviderRequest = {
  action: 'imagine',
  prompt: 'a fox',
  speed: 'fast',
  pictures: [],
  options: {},
  reference: 'ours-1',
};
