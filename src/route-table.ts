import { z } from 'zod';

/** Calls of an AIGC2D deployment whose path can be set. */
const routeNames = ['imagine', 'upscale', 'variation', 'describe', 'blend', 'task', 'balance'] as const;
const fieldStyles = ['camel', 'snake'] as const;
const partNames: readonly string[] = [...routeNames, 'fields', 'callback'];

/** The paths of a deployment's calls that differ from what its kind expects. */
export interface RouteTable {
  readonly paths: Readonly<Partial<Record<(typeof routeNames)[number], string>>>;
  /** How the fields of a request are spelled: `taskId` or `task_id`. */
  readonly fields?: (typeof fieldStyles)[number];
  /** The field of a request that takes the callback address. */
  readonly callback?: string;
}

/** Reads `fields=snake, imagine=/v1/imagine, task=/v1/task/{id}`; everything else stays as the kind has it. */
export const routeTable = z.string().transform((text, context): RouteTable => {
  const parts = text.split(',').map(splitOnce);
  const problems = parts.map(([name, value], index) =>
    parts.findIndex((part) => part[0] === name) < index ? findTwice(name) : findProblem(name, value),
  );
  for (const problem of problems) if (problem !== undefined) context.addIssue(problem);
  const { fields, callback, ...paths } = Object.fromEntries(parts);
  return {
    paths,
    ...(fields === undefined ? {} : { fields: fields as (typeof fieldStyles)[number] }),
    ...(callback === undefined ? {} : { callback }),
  };
});

/** Only known words are repeated in errors: what was typed may be a secret in the wrong place. */
function findTwice(name: string): string | undefined {
  return partNames.includes(name) ? `names ${name} twice` : undefined;
}

const path = /^(\/[a-z0-9._~{}-]+)+(\?[a-z0-9._~{}=&-]+)?$/i;

function findProblem(name: string, value: string): string | undefined {
  if (!partNames.includes(name))
    return `each part must be one of ${partNames.join(', ')}, then = and a value`;
  if (name === 'fields') {
    return fieldStyles.some((style) => style === value) ? undefined : 'fields must be camel or snake';
  }
  if (name === 'callback') {
    return /^[a-z_]\w*$/i.test(value) ? undefined : 'callback must be the name of a field';
  }
  if (!path.test(value)) return `${name} must be a path that begins with /, as in ${name}=/mj/${name}`;
  const hasId = value.includes('{id}');
  if (name === 'task' && !hasId) return 'task must hold {id}, as in task=/mj/task/{id}/fetch';
  if (name !== 'task' && hasId) return `${name} must not hold {id}: only task has one`;
  return undefined;
}

function splitOnce(part: string): readonly [name: string, value: string] {
  const at = part.indexOf('=');
  return at === -1 ? [part.trim(), ''] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
}
