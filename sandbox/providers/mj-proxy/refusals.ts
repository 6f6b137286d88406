import { type Answer, toJson, toText } from '../answer.ts';

/**
 * Every documented way to say no. The first group is midjourney-proxy's own (HTTP 200 and a code; ReturnCode.java,
 * SubmitController.java, and their English in trueai), the second new-api's, the third comes from
 * something in front of both.
 */
const refusals = {
  'empty-prompt': () => code(4, 'prompt不能为空'),
  'bad-base64': () => code(4, 'base64格式错误'),
  'base64-empty': () => code(4, 'base64不能为空'),
  'blend-count': () => code(4, 'base64List参数错误'),
  'bad-dimensions': () => code(4, 'dimensions参数错误'),
  'parent-unknown': () => code(3, '关联任务不存在或已失效'),
  'parent-unfinished': () => code(4, '关联任务状态错误'),
  'button-unknown': () => code(4, '未知的 Action 类型'),
  'no-modal': () => code(4, '关联任务状态错误'),
  /** TaskService.cs, SubmitAction: "this account doesn't support remix". */
  'remix-off': () => code(4, '当前账号不支持 remix，请开启 remix 功能'),
  'bad-parameters': () => code(4, '参数错误'),
  /** The same as above, as trueai says it: with 404 (SubmitController.cs). */
  'parent-unknown-trueai': () => toJson(404, { code: 3, description: '关联任务不存在或已失效' }),
  'no-account': () => code(3, '无可用的账号实例'),
  'not-supported': () => toJson(404, { status: 404, error: 'Not Found' }),
  validation: () => code(4, 'validation failed'),
  failure: () => code(9, '提交失败，系统异常'),
  'queue-full-trueai': () => code(9, '提交失败，队列已满，请稍后重试'),
  'queue-full': () => code(23, '队列已满，请稍后尝试'),
  banned: (properties: object = { promptEn: 'a red word', bannedWord: 'red' }) =>
    toJson(200, { code: 24, description: '可能包含敏感词', properties }),
  /** Code 24 in 4allapi's own table: "Account unavailable", and no banned word. */
  'account-unavailable': () => code(24, 'Account unavailable'),
  /** Codes 21, 23 and 25 of the same table. */
  'invalid-parameters': () => toJson(200, { code: 21, description: 'Invalid parameters', result: null }),
  'system-error': () => toJson(200, { code: 23, description: 'System error', result: null }),
  'insufficient-balance': () => code(25, 'Insufficient balance'),
  /** The shape of 4allapi's "Error Response Format". */
  'documented-error': () => toJson(400, { code: 4, description: 'Invalid request parameters', result: null }),
  /** trueai's exception filter: another form; 200 for one of its own rules, 500 for a bug (Result.cs, ticks as text). */
  'exception-filter': () => toResult(200, '今日绘图次数已达上限'),
  'exception-locked': () => toResult(200, '账号已被临时封锁，请勿使用违规词作图'),
  'exception-unknown': () => toResult(500, '操作失败'),

  /** From a proxy without a gateway: trueai's SimpleAuthMiddleware.cs, Java's ApiAuthorizeInterceptor. */
  'unauthorized-trueai': () => toText(401, 'Authorization header missing.'),
  'disabled-trueai': () => toText(401, '账号已禁用'),
  'forbidden-trueai': () => toText(403, '账号不可用'),
  'unauthorized-java': () => toText(401, ''),
  'bad-body': () => toMiddlewareError(400, 'Invalid request, invalid character in JSON'),
  'bad-body-trueai': () =>
    toJson(400, {
      title: 'One or more validation errors occurred.',
      status: 400,
      errors: { $: ['invalid JSON'] },
    }),
  'bad-body-java': () => toJson(400, { status: 400, error: 'Bad Request' }),
  'not-supported-trueai': () => toText(404, ''),
  /** new-api and its descendants, for unknown API paths (controller/relay.go, RelayNotFound). */
  'not-supported-gateway': () =>
    toJson(404, { error: { message: 'Invalid URL', type: 'invalid_request_error', param: '', code: '' } }),

  /** relay/mjproxy_handler.go: `{description, type, code}`; description and result are joined by a space. */
  'no-quota': () => toGatewayRefusal(4, 'quota_not_enough'),
  'upstream-unreachable': () => toGatewayRefusal(5, 'do_request_failed'),
  'upstream-garbled': () => toGatewayRefusal(5, 'unmarshal_response_body_failed'),
  saturated: () => ({
    ...toGatewayRefusal(30, '当前分组负载已饱和，请稍后再试，或升级账户以提升服务质量。'),
    status: 429,
  }),
  unauthorized: () => toMiddlewareError(401, '无效的令牌'),
  'no-key': () => toMiddlewareError(401, '未提供令牌'),
  forbidden: () => toMiddlewareError(403, '用户已被封禁'),
  'model-forbidden': () => toMiddlewareError(403, '该令牌无权访问模型 mj_imagine'),
  'no-channel': () =>
    toMiddlewareError(503, '当前分组 default 下对于模型 mj_imagine 无可用渠道', 'model_not_found'),

  'too-many': () => toMiddlewareError(429, 'Too many requests'),
  'too-many-text': () => toText(429, ''),
  'server-error-text': () => toText(500, 'Internal Server Error'),
  'bad-gateway-html': () => html(502, 'Bad gateway'),
  'service-unavailable-html': () => html(503, 'Service unavailable'),
  'gateway-timeout-html': () => html(504, 'Gateway time-out'),
  'forbidden-html': () => html(403, 'Attention Required'),
} satisfies Record<string, (properties?: object) => Answer>;

export type RefusalName = keyof typeof refusals;

export const refusalNames = Object.keys(refusals).filter(isRefusalName);

export function isRefusalName(name: string): name is RefusalName {
  return Object.hasOwn(refusals, name);
}

export function refuse(name: RefusalName, properties?: object): Answer {
  const make: (properties?: object) => Answer = refusals[name];
  return properties === undefined ? make() : make(properties);
}

/** new-api controller/relay.go, RelayMidjourney. */
export function toGatewayRefusal(number: number, description: string, result = ''): Answer {
  return toJson(400, { code: number, description: `${description} ${result}`, type: 'upstream_error' });
}

/** new-api middleware/utils.go, abortWithOpenAiMessage; the request id is part of the message, and few have a code. */
export function toMiddlewareError(status: number, message: string, code?: string): Answer {
  const error = {
    message: `${message} (request id: 20260101000000000000000SandboxR)`,
    type: 'new_api_error',
    ...(code === undefined ? {} : { code }),
  };
  return toJson(status, { error });
}

function toResult(status: number, message: string): Answer {
  return toJson(status, { success: false, code: -1, message, timestamp: '638960000000000000' });
}

function code(number: number, description: string): Answer {
  return toJson(200, { code: number, description });
}

function html(status: number, title: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}
