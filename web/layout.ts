import { noticeBanner, type BannerNotices } from './components/banner.ts';
import { flashNotice, type FlashMessage } from './components/flash.ts';
import { csrfField } from './components/form.ts';
import { bdi, html, renderDocument, type Html } from './html.ts';
import { icon, mark, type IconName } from './icons.ts';

export type NavEntry = 'search' | 'connections' | 'people' | 'settings' | 'profile';

/** What every page knows of the one who looks at it. */
export interface PageContext {
  now: Date;
  csrfToken: string;
  user: { id: string; name: string; email: string; role: 'administrator' | 'member' } | null;
  /** Set while an administrator searches as somebody else. */
  searchingAs: { name: string; email: string } | null;
  flash: FlashMessage | null;
  /** What must be known of; null for everybody but administrators. */
  notices: BannerNotices | null;
  /** URLs of the assets, with the hash of their content. */
  asset(name: string): string;
}

export interface Page {
  title: string;
  nav?: NavEntry;
  /** `narrow`: sign-in and errors; `wide`: tables. */
  width?: 'narrow' | 'text' | 'wide';
  /** Seconds after which a browser without JavaScript asks again. */
  refreshSeconds?: number;
  content: Html;
}

const htmxConfig = JSON.stringify({
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  // A snapshot of what one person may see must not stay in the browser's storage after signing out.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
});

/** A whole page: navigation, banner, messages and one column of content. */
export function renderPage(context: PageContext, page: Page): string {
  const { user, asset } = context;
  const width = page.width ?? 'text';
  return renderDocument(
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="same-origin" />
        <meta name="htmx-config" content=${htmxConfig} />
        ${
          page.refreshSeconds === undefined
            ? null
            : html`<noscript><meta http-equiv="refresh" content=${page.refreshSeconds} /></noscript>`
        }
        <title>${page.title} – Sluice</title>
        <link rel="icon" type="image/svg+xml" href=${asset('sluice.svg')} />
        <link rel="stylesheet" href=${asset('sluice.css')} />
        <script defer src=${asset('htmx.js')}></script>
        <script defer src=${asset('sse.js')}></script>
        <script defer src=${asset('sluice.js')}></script>
      </head>
      <body class=${user === null ? 'signed-out' : 'signed-in'}>
        <a class="skip" href="#content">Skip to content</a>
        ${user === null ? null : sidebar(context, page.nav)}
        <div class="page">
          ${banner(context)}
          ${context.notices === null ? null : noticeBanner(context.notices, context.csrfToken)}
          <main id="content" tabindex="-1" class=${width}>${flashNotice(context.flash)} ${page.content}</main>
        </div>
      </body>
    </html>`,
  );
}

function sidebar(context: PageContext, current: NavEntry | undefined): Html {
  const { user, csrfToken } = context;
  const administrator = user?.role === 'administrator';
  const entries: [NavEntry, string, string, IconName, boolean][] = [
    ['search', '/', 'Search', 'search', true],
    ['connections', '/connections', 'Connections', 'connections', administrator],
    ['people', '/people', 'People', 'people', administrator],
    ['settings', '/settings/oauth-apps', 'Settings', 'settings', administrator],
    ['profile', '/profile', 'Profile', 'profile', true],
  ];
  return html`<header class="sidebar">
    <a class="brand" href="/">${mark()}<span>Sluice</span></a>
    <nav aria-label="Main">
      <ul>
        ${entries
          .filter(([, , , , shown]) => shown)
          .map(
            ([name, href, label, iconName]) =>
              html`<li>
                <a href=${href} aria-current=${name === current ? 'page' : undefined}>
                  ${icon(iconName)}<span>${label}</span>
                </a>
              </li>`,
          )}
      </ul>
    </nav>
    <div class="whoami">
      <p>
        <span class="whoami-name">${bdi(user?.name || user?.email || '')}</span>
        <span class="muted">${administrator ? 'Administrator' : 'Member'}</span>
      </p>
      <form method="post" action="/sign-out">
        ${csrfField(csrfToken)}
        <button class="quiet" type="submit">${icon('signOut')}<span>Sign out</span></button>
      </form>
    </div>
  </header>`;
}

function banner(context: PageContext): Html {
  const { searchingAs } = context;
  if (searchingAs === null) return null;
  return html`<aside class="banner" aria-label="Search as">
    ${icon('eye')}
    <p>
      You search as <strong>${bdi(searchingAs.name || searchingAs.email)}</strong>: results and records are
      what this person may see. The audit log records it.
    </p>
    <form method="post" action="/search-as/stop">
      ${csrfField(context.csrfToken)}
      <button type="submit">Stop</button>
    </form>
  </aside>`;
}
