import type { Attachments } from './attachments.ts';
import type { Commands } from './commands.ts';
import type { Interactions } from './interactions.ts';
import type { Messages } from './messages.ts';
import type { Forms } from './rules/forms.ts';
import type { SessionStarts } from './session-starts.ts';
import type { Settings } from './settings.ts';
import type { NextId } from './snowflakes.ts';
import type { Traffic } from './traffic.ts';
import type { World } from './world.ts';

/** Everything that routes and people work on. */
export interface State {
  readonly settings: Settings;
  readonly world: World;
  readonly traffic: Traffic;
  readonly attachments: Attachments;
  readonly messages: Messages;
  readonly interactions: Interactions;
  readonly commands: Commands;
  readonly forms: Forms;
  readonly starts: SessionStarts;
  readonly nextId: NextId;
  readonly gatewayUrl: () => string;
}
