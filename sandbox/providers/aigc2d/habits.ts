/** What isn't public, so deployments may differ. */
export interface Aigc2dHabits {
  /** Paths of the calls; novicezk/midjourney-proxy's (SubmitController.java, TaskController.java) unless given. */
  paths: Readonly<Record<'imagine' | 'change' | 'describe' | 'blend' | 'task', string>>;
  /** How fields of requests are spelled; answers are in snake_case (AIGC2D/aigc2d-docs, midjourney/index.md). */
  fields: 'camel' | 'snake';
  /** The field of a submit for the callback address. */
  callbackField: string;
  /** The documented sample has a number beyond 2^53. */
  idAs: 'number' | 'string';
  /** What the public host shows since 2023-10-22: a web shop's page, or nothing on any path (other/changelog.md). */
  suspended: 'page' | 'not-found' | undefined;
}

/** The default habits of a deployment. */
export const plainHabits: Aigc2dHabits = {
  paths: {
    imagine: '/mj/submit/imagine',
    change: '/mj/submit/change',
    describe: '/mj/submit/describe',
    blend: '/mj/submit/blend',
    task: '/mj/task/:id/fetch',
  },
  fields: 'camel',
  callbackField: 'notifyHook',
  idAs: 'number',
  suspended: undefined,
};
