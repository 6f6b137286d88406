import type { SwitchOption } from './protocol.ts';

/** A switch, and what it does. */
export interface Turnable {
  name: string;
  label: string;
  options: readonly SwitchOption[];
  read(): string;
  turn(value: string): void;
}
