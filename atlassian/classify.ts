import {
  BadRequest,
  Forbidden,
  Gone,
  NotFoundThere,
  RateLimited,
  ScopeMismatch,
  ServerError,
  Unauthorized,
  UnexpectedContent,
  type AtlassianError,
} from './errors.ts';
import type { AtlassianAnswer } from './http.ts';
import { backoffMs, longestWaitMs, readLimit } from './retry.ts';

/** The failure that an answer of an API stands for, or null when it is a JSON success. */
export function failureOf(
  answer: AtlassianAnswer,
  attempt: { number: number; now: Date; random: number },
): AtlassianError | null {
  const { status, evidence } = answer;
  if (status >= 200 && status < 300) {
    if (answer.kind === 'json') return null;
    const type = (answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    const seen = answer.kind === 'empty' ? 'an empty answer' : `content of type "${type}"`;
    return new UnexpectedContent(
      `Atlassian answered with ${seen} instead of JSON: a login page, a captcha or a proxy may be in between.`,
      evidence,
    );
  }
  const told = messageOf(answer);
  if (status === 429 || (status === 503 && answer.headers['retry-after'] !== undefined)) {
    return limited(answer, attempt);
  }
  if (status >= 500) return new ServerError(`Atlassian has a fault of its own${told}`, evidence);
  if (status >= 300 && status < 400) {
    return new UnexpectedContent(
      'Atlassian redirected an API request; redirects are not followed.',
      evidence,
    );
  }
  switch (status) {
    case 401:
      if (/scope does not match/i.test(told)) return new ScopeMismatch(evidence);
      return new Unauthorized(unauthorizedMessage(answer, told), evidence);
    case 403:
      return new Forbidden(`The account may not do this${told}`, evidence);
    case 404:
      return new NotFoundThere(`Not there, or hidden from the account${told}`, evidence);
    case 410:
      return new Gone(`Atlassian has removed this endpoint${told}`, evidence);
    default:
      return new BadRequest(
        `Atlassian refused the request${told}`,
        evidence,
        status === 400 && /cursor/i.test(told) ? 'cursor_invalid' : 'bad_request',
      );
  }
}

function limited(
  answer: AtlassianAnswer,
  attempt: { number: number; now: Date; random: number },
): RateLimited {
  const limit = readLimit(answer.headers, answer.serverTime, answer.status);
  // "Retry now" again and again is a hot loop: from the second time on we choose the pace.
  const unhelpful = limit.waitMs === null || (limit.waitMs === 0 && attempt.number > 1);
  const waitMs = unhelpful ? backoffMs(attempt.number, attempt.random) : (limit.waitMs ?? 0);
  const note = limit.capped
    ? { note: `A longer wait was asked for and cut to ${longestWaitMs / 60_000} minutes.` }
    : {};
  return new RateLimited(
    {
      retryAt: new Date(attempt.now.getTime() + waitMs),
      reason: limit.reason,
      quota: limit.quota,
      scope: limit.scope,
      ...note,
    },
    answer.evidence,
  );
}

function unauthorizedMessage(answer: AtlassianAnswer, told: string): string {
  return answer.headers['x-failure-category'] === 'FAILURE_CLIENT_AUTH_MISMATCH'
    ? 'Atlassian does not know this pair of email and API token.'
    : `Atlassian did not accept the credential${told}`;
}

/** Atlassian's own words, in one of the forms that its APIs have, cut short and without the request's secrets. */
function messageOf(answer: AtlassianAnswer): string {
  const body = answer.body as Record<string, unknown> | null | undefined;
  if (typeof body !== 'object' || body === null) return '.';
  const first = (Array.isArray(body['errors']) ? body['errors'][0] : undefined) as
    | Record<string, unknown>
    | undefined;
  const candidates = [body['message'], first?.['title'], first?.['detail'], body['error_description']];
  const text = candidates.find((each) => typeof each === 'string' && each !== '') as string | undefined;
  return text === undefined ? '.' : `: "${answer.scrub(text).slice(0, 300)}".`;
}
