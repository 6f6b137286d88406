import { stripTypeScriptTypes } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/** Runs in a thread of its own: what Node needs to read TypeScript takes 20 MB, which are free again once it has ended. */
parentPort?.postMessage((workerData as string[]).map((code) => stripTypeScriptTypes(code)));
