import { copyField } from '../../components/copy.ts';
import { copyText } from '../../components/copy-text.ts';
import { html, type Html } from '../../html.ts';

export interface Outreach {
  /** The link for everybody. */
  connectUrl: string;
  /** Whether there is an OAuth app through which a consent can be given. */
  canConnect: boolean;
}

/** What to send to people who are not matched, ready to copy. */
export function outreach(view: Outreach): Html {
  return html`<section class="card" aria-labelledby="link-for-everyone">
      <h2 id="link-for-everyone">Let people connect their own account</h2>
      <p>
        A consent of one’s own proves the account whatever its email is. Send this link to everybody, or to
        those who are listed: it asks whoever is not signed in to do so first.
      </p>
      ${
        view.canConnect
          ? null
          : html`<p class="hint">
              So far no site is connected by OAuth, so there is nothing to consent to: the page behind the
              link says so.
            </p>`
      }
      ${copyField({ id: 'connect-url', label: 'Link for everybody', value: view.connectUrl })}
      ${copyText({ id: 'connect-text', label: 'A text to send with it', text: connectText(view.connectUrl) })}
    </section>
    <section class="card" aria-labelledby="visible-email">
      <h2 id="visible-email">How an email becomes visible</h2>
      <p>
        Atlassian shows apps an email only where its owner lets anyone see it. With the next reading of
        permissions after that, it is matched here.
      </p>
      ${copyText({ id: 'visibility-text', label: 'The steps, to send to a person', text: visibilityText })}
      <p class="hint">
        Accounts that your organisation manages: an organisation administrator sees and sets the email at
        <code class="breaks">admin.atlassian.com</code>, under Directory, Managed accounts. Whether it is
        shown to apps stays the person’s own setting.
      </p>
    </section>`;
}

function connectText(url: string): string {
  return [
    'Hello,',
    '',
    'our search shows you what you may open in Confluence. So that it knows which Atlassian account is yours, please open this link, press “Connect your Atlassian account” and accept. It takes a minute, once:',
    '',
    url,
    '',
    'You can take it back at any time under Profile.',
  ].join('\n');
}

/** The same steps as docs/email-visibility.md. */
export const visibilityText = [
  'So that our search can match you by your email, let Atlassian show it:',
  '',
  '1. Open https://id.atlassian.com/manage-profile/profile-and-visibility and sign in.',
  '2. Find “Email address” under “Contact”.',
  '3. Under “Who can see this?” choose “Anyone”.',
  '4. There is nothing to save. The search knows it after its next reading of permissions.',
  '',
  'If the choice is locked, your organisation manages your account: ask your Atlassian administrator, or connect your account to the search instead.',
].join('\n');
