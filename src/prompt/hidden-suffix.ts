import type { TaskRequest } from '../task.ts';
import { combinePrompt } from './combine.ts';

type Hiding = Partial<Pick<TaskRequest, 'prompt' | 'pictures' | 'hidden'>>;

/**
 * Returns the request with the prompt that is sent, and so the one that is checked and priced: with the server's hidden suffix
 * behind it. Everywhere else a prompt is the one that people wrote and see. Throws a `UserError` if it's too long with it.
 */
export function toSent<Request extends Hiding>(request: Request): Request {
  const { prompt = '', hidden, pictures = [] } = request;
  if (hidden === undefined || prompt === '') return request;
  const combined = combinePrompt({ text: prompt, pictures: pictures.length }, { suffix: hidden });
  return { ...request, prompt: combined.prompt };
}

/** Gives a fresh imagine the suffix that its server has now. A follow-up keeps the one that its picture was made with. */
export function withSuffix(request: TaskRequest, suffix: string | undefined): TaskRequest {
  if (request.offer !== undefined) return request;
  const { hidden: _before, ...own } = request;
  return suffix === undefined || own.action !== 'imagine' ? own : { ...own, hidden: suffix };
}
