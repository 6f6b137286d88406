import type { Mutant } from '../mutant.ts';

const rules = { file: 'src/points/server-rules.ts', tests: ['test/points/server-rules.test.ts'] };

/** What a server's administrators decide about using the bot there. */
export const serverSettings: readonly Mutant[] = [
  {
    ...rules,
    name: 'server rules: a thread of an excluded channel is open',
    find: 'const here = [where?.channelId, where?.parentId];',
    replace: 'const here = [where?.channelId];',
    breaks: 'People go on in a thread where the bot is off.',
  },
  {
    ...rules,
    name: 'server rules: an unknown place is allowed',
    find: 'if (where !== undefined && isListed',
    replace: 'if (isListed',
    breaks: 'A payload without a channel gets past a list of channels.',
  },
  {
    ...rules,
    name: 'server rules: buttons that make videos count as pictures',
    find: "if (includes(priceFamilies.video, action)) return 'video';",
    replace: '',
    breaks: 'Everybody makes videos with a button, although /video needs a role.',
  },
  {
    ...rules,
    name: 'server rules: one’s own buttons need the role, too',
    find: ' || ownerId === starter.userId',
    replace: '',
    breaks: 'Nobody can use the buttons of their own result.',
  },
  {
    name: 'server rules: what is free has none',
    file: 'src/points/policy.ts',
    find: '  const refused = refuseByRules(settings.book, asker, wish.work);\n',
    replace:
      '  const refused = wish.price === 0 ? undefined : refuseByRules(settings.book, asker, wish.work);\n',
    breaks: 'A free button works in a channel where the bot is off.',
    tests: ['test/points/server-rules.test.ts'],
  },
  {
    name: 'server rules: nobody asks whose result it is',
    file: 'src/points/bookings.ts',
    find: 'return (await tasks.get(parentId))?.origin.userId;',
    replace: 'return undefined;',
    breaks: 'Anybody presses the buttons that only the owner may.',
    tests: ['test/service/server-rules.test.ts'],
  },
];
