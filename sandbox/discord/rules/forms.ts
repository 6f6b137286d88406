import type { Payload } from '../multipart.ts';
import type { Refusal } from '../refusal.ts';
import { refuse } from '../refusal.ts';
import type { Settings } from '../settings.ts';
import type { Traffic } from '../traffic.ts';
import { hideToken } from '../traffic.ts';
import type { FormContext, FormKind } from './form-kind.ts';
import type { Problem } from './problem.ts';
import { describeProblem } from './problem.ts';

interface Line {
  readonly method: string;
  readonly path: string;
}

export interface Forms {
  /** Returns the body if it's in order. Otherwise records what's wrong, and throws the 50035 that Discord would answer. */
  read<T>(kind: FormKind, call: Payload & Line, context: FormContext): T;
  /** Records problems that a route found by itself, and returns the refusal to throw. */
  broken(line: Line, problems: readonly Problem[]): Refusal;
  checkSecrets(line: Line, payload: Payload): void;
}

export async function createForms(settings: Settings, traffic: Traffic): Promise<Forms> {
  const { findProblems } = settings.rules ? await import('./find-problems.ts') : { findProblems: () => [] };

  function record(line: Line, problems: readonly Problem[]): void {
    for (const problem of problems) {
      const text = `${line.method} ${hideToken(line.path)}: ${describeProblem(problem)}`;
      traffic.emit({ type: 'violation', at: settings.now(), text });
    }
  }

  return {
    read<T>(kind: FormKind, call: Payload & Line, context: FormContext): T {
      const problems = findProblems(kind, call, context);
      record(call, problems);
      const refused = problems.filter((problem) => problem.refused);
      if (refused.length > 0) throw refuse.form(refused);
      return (call.body ?? {}) as T;
    },
    broken(line, problems) {
      record(line, problems);
      return refuse.form(problems);
    },
    checkSecrets(line, { text }) {
      if (!settings.rules || !settings.secrets.some((secret) => text.includes(secret))) return;
      record(line, [{ path: [], code: '', message: 'contains a secret', refused: false }]);
    },
  };
}
