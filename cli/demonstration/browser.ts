/** A page as a person without JavaScript meets it: where redirects have led, and what stands there. */
export interface Visit {
  url: string;
  status: number;
  html: string;
}

export interface Browser {
  open(url: string): Promise<Visit>;
  /** Sends a form to `action`, relative to the page that it stands on. */
  submit(page: Visit, action: string, fields: Record<string, string>): Promise<Visit>;
}

const mostRedirects = 10;

/** Keeps cookies by host and follows redirects, as a browser does; nothing more. */
export function createBrowser(): Browser {
  const jar = new Map<string, Map<string, string>>();

  async function send(start: string, first: RequestInit): Promise<Visit> {
    let url = new URL(start);
    let request = first;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const cookies = jar.get(url.host) ?? new Map<string, string>();
      jar.set(url.host, cookies);
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, {
        ...request,
        redirect: 'manual',
        headers: { ...(request.headers as Record<string, string>), ...(cookie === '' ? {} : { cookie }) },
        signal: AbortSignal.timeout(30_000),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
        if (name !== undefined && value !== undefined) cookies.set(name, value);
      }
      const html = await response.text();
      const target = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || target === null) {
        return { url: url.href, status: response.status, html };
      }
      url = new URL(target, url);
      request = {};
    }
    throw new Error(`More than ${mostRedirects} redirects from ${new URL(start).origin}.`);
  }

  return {
    open: (url) => send(url, {}),
    submit: (page, action, fields) =>
      send(new URL(action, page.url).href, { method: 'POST', body: new URLSearchParams(fields) }),
  };
}

/** Value of the field `name` in a page's first form that has it. */
export function fieldOf(page: Visit, name: string): string | undefined {
  const field = new RegExp(`name="${name}" value="([^"]*)"`).exec(page.html)?.[1];
  return field?.replaceAll('&#38;', '&').replaceAll('&amp;', '&');
}

/** What a page tells its reader in the alert or the status that it shows. */
export function messageOf(page: Visit): string {
  return /role="(?:alert|status)">([^<]*)</.exec(page.html)?.[1] ?? `${page.url} answered ${page.status}`;
}
