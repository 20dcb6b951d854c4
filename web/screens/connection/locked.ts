import { notice } from '../../components/notice.ts';
import { html, type Html } from '../../html.ts';

/** A step that cannot be done yet: why, and the way to what comes first. */
export function locked(reason: string | null, href: string, action: string): Html {
  return notice(
    'quiet',
    'This step is locked',
    reason ?? 'Finish the step before it first.',
    html`<a class="button" href=${href}>${action}</a>`,
  );
}
