import type { FreshnessView } from '../../server/views.ts';
import { plural } from '../time.ts';

/** Seconds as whole minutes, rounded up: a promise must not be shorter than it is. */
export function minutes(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds / 60));
  if (whole < 120) return plural(whole, 'minute');
  const hours = Math.ceil(whole / 60);
  return hours < 48 ? plural(hours, 'hour') : plural(Math.ceil(hours / 24), 'day');
}

/** "Changes in Atlassian take effect here within 18 minutes". */
export function promise({ promisedSeconds }: Pick<FreshnessView, 'promisedSeconds'>): string {
  return promisedSeconds === null
    ? 'How soon changes in Atlassian take effect here'
    : `Changes in Atlassian take effect here within ${minutes(promisedSeconds)}`;
}
