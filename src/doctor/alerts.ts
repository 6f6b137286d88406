import type { Config } from '../config.ts';
import { isPrivateHost } from '../providers/address-guard.ts';
import { isNamed } from '../providers/agents.ts';
import { count, type Line } from './line.ts';

/** Where the operators are told of trouble. Only looks at the address: nothing is sent. */
export function checkAlerts({
  alertWebhookUrl,
  operatorIds,
  trustedHosts,
}: Pick<Config, 'alertWebhookUrl' | 'operatorIds' | 'trustedHosts'>): Line {
  const what = 'alerts';
  if (alertWebhookUrl !== undefined) return { what, ...checkAddress(alertWebhookUrl, trustedHosts) };
  if (operatorIds.size > 0)
    return { verdict: 'ok', what, text: `direct messages to ${count(operatorIds.size, 'operator')}` };
  return {
    verdict: 'warn',
    what,
    text: 'nobody is told if something breaks: set ALERT_WEBHOOK_URL or OPERATOR_IDS',
  };
}

/** As Discord shows it: `https://discord.com/api/webhooks/<id>/<token>`, perhaps with a version. */
const discordWebhook = /^\/api\/(?:v\d+\/)?webhooks\/\d{17,20}\/[\w-]{20,}$/u;
const discordHosts = /^(?:(?:canary|ptb)\.)?discord(?:app)?\.com$/u;

function checkAddress(address: string, trustedHosts: ReadonlySet<string>): Pick<Line, 'verdict' | 'text'> {
  const { protocol, hostname, host, pathname } = new URL(address);
  if ((protocol !== 'https:' || isPrivateHost(hostname)) && !isNamed(address, trustedHosts))
    return {
      verdict: 'FAIL',
      text: `ALERT_WEBHOOK_URL is not https, or private: add ${host} to TRUSTED_HOSTS if it is your own`,
    };
  if (discordHosts.test(hostname) && !discordWebhook.test(pathname))
    return {
      verdict: 'FAIL',
      text: 'ALERT_WEBHOOK_URL is not the address of a webhook: copy it again in the settings of a channel, Integrations, Webhooks',
    };
  return { verdict: 'ok', text: `ALERT_WEBHOOK_URL at ${host}; nothing was sent` };
}
