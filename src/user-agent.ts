import manifest from '../package.json' with { type: 'json' };

/**
 * How the bot introduces itself to providers and file servers: firewalls refuse callers that say nothing, and operators of
 * gateways want to know whom to ask. To Discord, discord.js introduces itself.
 */
export const userAgent = `${manifest.name}/${manifest.version} (+${manifest.homepage})`;
