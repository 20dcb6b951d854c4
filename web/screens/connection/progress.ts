import type { FailureView, ProgressView, StageView } from '../../../server/views.ts';
import { badge } from '../../components/badge.ts';
import { notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';
import {
  changesInWords,
  failureKind,
  indexedWord,
  listed,
  runKind,
  runLength,
  runs,
  runSentence,
  runState,
  silentSince,
  stageName,
} from '../../presenters/run.ts';
import { count, duration } from '../../time.ts';

/**
 * A run as it stands. While it runs, the panel follows it by SSE (`progress` replaces the numbers, `said` speaks to a
 * screen reader at most every five seconds); without JavaScript the page asks again by itself.
 */
export function livePanel(run: ProgressView, now: Date): Html {
  if (!runs(run)) {
    return html`<section class="card" aria-label="Last sync">${progressPanel(run, now)}</section>`;
  }
  return html`<section
    class="card"
    aria-label="Current sync"
    hx-ext="sse"
    sse-connect=${`/runs/${run.id}/live`}
    sse-close="finished"
  >
    <p class="hidden-visually" role="status" sse-swap="said">${runSentence(run)}</p>
    <div class="stack" sse-swap="progress">${progressPanel(run, now)}</div>
    <p class="hint without-script">This page asks again every 10 seconds. <a href="">Refresh now</a></p>
  </section>`;
}

/** The numbers of a run: what the `progress` event holds. */
export function progressPanel(run: ProgressView, now: Date): Html {
  const length = runLength(run, now);
  return html`<div class="row spread">
      <h2>${runKind(run)}</h2>
      ${badge(runState(run))}
    </div>
    ${reason(run, now)} ${silence(run, now)}
    <dl class="facts">
      ${
        run.dryRun
          ? fact('Listed', count(listed(run)))
          : html`${fact('Seen', count(run.counts.seen))} ${fact(indexedWord(run), count(run.counts.indexed))}
            ${fact('Unchanged', count(run.counts.unchanged))} ${fact('Failed', count(run.counts.failed))}`
      }
      ${run.counts.filtered > 0 ? fact('Filtered', count(run.counts.filtered)) : null}
      ${run.counts.deleted > 0 ? fact('Deleted', count(run.counts.deleted)) : null}
      ${run.rate === null ? null : fact('Rate', `${count(Math.round(run.rate))}/s`)}
      ${run.state === 'running' ? fact('Time left', timeLeft(run)) : null}
      ${runs(run) ? null : fact('Took', length ?? '–')} ${fact('Requests', count(run.requests))}
      ${fact('Points', count(run.points))}
    </dl>
    ${run.dryRun ? null : changed(run)} ${run.stages.length === 0 ? null : stageList(run.stages)}
    ${run.dryRun ? toReport(run) : failureList(run.connectionId, run.failures, now)}`;
}

function toReport(run: ProgressView): Html {
  if (run.state !== 'succeeded') return null;
  return html`<p><a class="button primary" href=${`/runs/${run.id}/report`}>Open the report</a></p>`;
}

const timeLeft = ({ remainingSeconds }: ProgressView): string =>
  remainingSeconds === null ? 'not known yet' : duration(remainingSeconds);

function changed(run: ProgressView): Html {
  const words = changesInWords(run);
  return words === '' ? null : html`<p>${runs(run) ? 'Changed so far' : 'Changed'}: ${words}.</p>`;
}

/** A worker that died is noticed within seconds; this is for what nobody notices. */
function silence(run: ProgressView, now: Date): Html {
  const since = silentSince(run, now);
  if (since === null) return null;
  return notice(
    'warning',
    run.state === 'queued' ? 'No worker has taken this sync yet' : 'No sign of life',
    html`No sign of life since ${time(since, now)}. Look whether a worker runs, and at its log; a sync goes on
    where it stopped as soon as one does.`,
  );
}

function fact(name: string, value: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function reason(run: ProgressView, now: Date): Html {
  if (run.state === 'waiting') {
    const until = run.waitingUntil === null ? null : time(new Date(run.waitingUntil), now);
    return notice(
      'busy',
      run.message ?? 'Waiting for Atlassian’s limit to pass',
      until === null ? null : html`Goes on ${until}.`,
    );
  }
  if (run.state === 'paused') {
    return notice(
      'quiet',
      'This sync is paused',
      run.message ?? 'It keeps its place, and goes on when the connection is resumed.',
    );
  }
  if (run.state === 'failed') return notice('bad', run.message ?? 'This run failed.');
  return run.message === null || run.message === '' ? null : html`<p class="muted">${run.message}</p>`;
}

function stageList(stages: StageView[]): Html {
  return html`<ul class="stages" aria-label="Stages">
    ${stages.map((stage) => {
      const total = stage.total === null ? null : Math.max(stage.total, stage.done);
      return html`<li
        class=${stage.state === 'failed' ? 'tone-bad' : stage.state === 'done' ? 'tone-good' : ''}
      >
        <span class="row spread">
          <span class="row-tight">
            ${icon(stage.state === 'done' ? 'check' : stage.state === 'failed' ? 'attention' : 'sync')}
            ${stageName(stage.stage)}
            <span class="hidden-visually">(${stage.state})</span>
          </span>
          <span class="muted">${stageNumbers(stage)}</span>
        </span>
        ${
          stage.state === 'running' && total !== null && total > 0
            ? html`<progress
                max=${total}
                value=${stage.done}
                aria-label=${stageName(stage.stage)}
              ></progress>`
            : null
        }
      </li>`;
    })}
  </ul>`;
}

function stageNumbers({ state, done, total }: StageView): string {
  if (state === 'done') return done === 0 ? 'done' : count(done);
  return total === null ? count(done) : `${count(done)} of ${count(Math.max(total, done))}`;
}

/** Items that failed, each with what follows and when it is tried again; all of them have a page of their own. */
export function failureList(connectionId: string, failures: FailureView[], now: Date): Html {
  if (failures.length === 0) return null;
  return html`<details>
    <summary>Failed items (${failures.length === 20 ? 'the newest 20' : failures.length})</summary>
    <ul class="stack plain">
      ${failures.map((failure) => {
        const url = safeUrl(failure.url);
        const title = failure.title === '' ? failure.externalId : failure.title;
        return html`<li>
          <p>
            <strong
              >${url === null ? bdi(title) : html`<a href=${url} rel="noreferrer">${bdi(title)}</a>`}</strong
            >: ${' '}${failure.message}
          </p>
          <p class="meta">
            <span>${failureKind(failure.stage)}</span>
            ${failure.status === null ? null : html`<span>HTTP ${failure.status}</span>`}
            ${failure.traceId === null ? null : html`<span>trace <code>${failure.traceId}</code></span>`}
            <span>tried ${failure.attempts}×</span>
            ${
              failure.nextRetryAt === null
                ? null
                : html`<span>again ${time(new Date(failure.nextRetryAt), now)}</span>`
            }
          </p>
        </li>`;
      })}
    </ul>
    <p><a href=${`/connections/${connectionId}/runs/failures`}>All failed items, to try them again</a></p>
  </details>`;
}
