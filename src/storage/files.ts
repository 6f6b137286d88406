/** The file with tasks and money, in the data directory. */
export const databaseFile = 'relay.db';

/** The file with settings, preferences, and the message map. */
export const documentsFile = 'documents.db';
