import manifest from '../package.json' with { type: 'json' };

/** How the program is called. */
export const programName = manifest.name;

/**
 * How the bot introduces itself to providers and file servers: firewalls refuse clients without a user agent, and gateway
 * operators want to know whom to ask. Discord hears from discord.js, which has a user agent of its own.
 */
export const userAgent = `${manifest.name}/${manifest.version} (+${manifest.homepage})`;
