import { describe, expect, it } from 'vitest';
import { checkAlerts } from '../../src/doctor/alerts.ts';

const check = (alertWebhookUrl: string | undefined, trusted: string[] = [], operators: string[] = []) =>
  checkAlerts({ alertWebhookUrl, trustedHosts: new Set(trusted), operatorIds: new Set(operators) });

const token = 'abcdefghijklmnopqrstuvwxyz-0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123';

describe('the check of the alerts', () => {
  it.each([
    [`https://discord.com/api/webhooks/123456789012345678/${token}`, []],
    [`https://discord.com/api/v10/webhooks/123456789012345678/${token}?thread_id=1`, []],
    [`https://canary.discord.com/api/webhooks/123456789012345678/${token}`, []],
    ['https://alerts.example.org/hook', []],
    ['http://10.0.0.7:8080/hook', ['10.0.0.7:8080']],
    ['http://alerts.example.org/hook', ['alerts.example.org']],
  ])('takes %s', (url, trusted) => {
    const { verdict, text } = check(url, trusted);
    expect(verdict).toBe('ok');
    expect(text).not.toContain(token);
  });

  it.each([
    ['https://discord.com/channels/123456789012345678/123456789012345678'],
    ['https://discord.com/api/webhooks/123456789012345678'],
    [`https://discord.com/api/webhooks/general/${token}`],
    [`http://discord.com/api/webhooks/123456789012345678/${token}`],
    ['http://10.0.0.7:8080/hook'],
    ['https://192.168.0.5/hook'],
    ['https://localhost/hook'],
  ])('refuses %s', (url) => {
    const { verdict, text } = check(url, ['10.0.0.7:9090']);
    expect(verdict).toBe('FAIL');
    expect(text).not.toContain(token);
  });

  it('knows who gets them otherwise, and warns if nobody does', () => {
    expect(check(undefined, [], ['1', '2'])).toMatchObject({
      verdict: 'ok',
      text: 'direct messages to 2 operators',
    });
    expect(check(undefined).verdict).toBe('warn');
  });
});
