import { z } from 'zod';
import { speeds, startActions } from '../task.ts';

const points = z.number().int().nonnegative();
/** A person's own points per period. */
const ownAllowance = points.or(z.literal('unlimited'));
/** An id of Discord's. */
const id = z.string().regex(/^\d{17,20}$/u);
/** As many as a menu of Discord's lets people choose. */
const ids = z.array(id).min(1).max(25).readonly();

/** The longest suffix, in characters. */
export const longestSuffix = 400;

/** What the administrators of a server decided about using the bot there; absent settings have their default. */
export const serverRules = z.object({
  /** Where tasks may be started: only there, or everywhere else. A category or a channel also stands for what is in it. */
  channels: z
    .object({ mode: z.enum(['only', 'except']), ids: ids })
    .readonly()
    .optional(),
  /** Who may start what: people with one of these roles. */
  commandRoles: z.partialRecord(z.enum(startActions), ids).readonly().optional(),
  /** The same by the speed of a task. */
  speedRoles: z.partialRecord(z.enum(speeds), ids).readonly().optional(),
  /** Who may start something with the buttons below other people's results. */
  buttons: z
    .discriminatedUnion('who', [
      z.object({ who: z.literal('owner') }).readonly(),
      z.object({ who: z.literal('roles'), roles: ids }).readonly(),
    ])
    .optional(),
  /** How many tasks a person may have at the providers, and waiting; and how many may wait in the server. */
  personRunning: z.number().int().min(1).max(20).optional(),
  personWaiting: z.number().int().min(0).max(100).optional(),
  serverWaiting: z.number().int().min(1).max(2_000).optional(),
  /** What comes behind every prompt of `/imagine`, without being shown. */
  suffix: z.string().min(1).max(longestSuffix).optional(),
  /** Whether results are private unless somebody says otherwise. */
  private: z.boolean().optional(),
  /** How pictures are shown that may be sensitive: no API says which ones are. */
  sensitive: z.enum(['spoiler', 'age-restricted', 'never']).optional(),
  /** Discord's code of the language that the bot speaks there; each person's own if absent. */
  language: z.string().min(2).max(10).optional(),
  /** `off`: nobody is mentioned when a task ends. */
  notify: z.literal('off').optional(),
  /** Where changes of these settings are noted. */
  logChannel: id.optional(),
  /** Where results are forwarded that people like. */
  star: z
    .object({ channel: id, hearts: z.number().int().min(1).max(100) })
    .readonly()
    .optional(),
});
export type ServerRules = Readonly<z.infer<typeof serverRules>>;

/** That somebody may not use the bot; times are epoch milliseconds. */
const block = z
  .object({
    at: z.number(),
    /** Who decided it. */
    by: z.string(),
    /** When it ends; never if absent. */
    until: z.number().optional(),
    reason: z.string().optional(),
  })
  .readonly();
export type Block = z.infer<typeof block>;

/** All that was decided for a book. Points are whole numbers, 0 or more; absent settings were never set. */
export const bookSettings = serverRules.extend({
  /** Points per period for everybody. */
  points: points.optional(),
  period: z.enum(['day', 'week', 'month']).optional(),
  /** A name from the IANA time zone database. */
  timeZone: z.string().optional(),
  /** Points per period for individual people, by their id. */
  people: z.record(z.string(), ownAllowance).readonly().optional(),
  /** People who may not use the bot there, by their id. */
  blocked: z.record(z.string(), block).readonly().optional(),
  /** Points per period for people with a role, by its id. */
  roles: z.record(z.string(), points).readonly().optional(),
  /** Points that the server may spend per month, set by its administrators. */
  budget: points.optional(),
  /** The same, set by the operator. */
  ceiling: points.optional(),
  /** Names of the accounts that get new work, set by the operator. */
  accounts: z.array(z.string()).readonly().optional(),
});
export type StoredSettings = Readonly<z.infer<typeof bookSettings>>;
