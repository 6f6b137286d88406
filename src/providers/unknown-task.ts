/**
 * Whether an API says that it doesn't know a task: `task_no_found` (new-api), "任务不存在", "关联任务不存在或已失效"
 * (novicezk, trueai-org), "Task not found", "task does not exist".
 */
export function saysUnknownTask(words: string): boolean {
  return /task[\s_-]*(?:id[\s_-]*)?(?:is[\s_-]*)?(?:no|not|doesn'?t|does not)[\s_-]*(?:found|exist)|任务不存在|任务.{0,40}失效/iu.test(
    words,
  );
}
