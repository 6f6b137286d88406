import manifest from '../package.json' with { type: 'json' };

/**
 * How the bot introduces itself to providers and file servers: firewalls refuse who says nothing, and operators of
 * gateways want to know whom to ask. To Discord its library introduces itself.
 */
export const userAgent = `${manifest.name}/${manifest.version} (+${manifest.homepage})`;
