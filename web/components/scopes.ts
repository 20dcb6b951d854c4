import { html, type Html } from '../html.ts';

export interface ScopeView {
  scope: string;
  kind: 'classic' | 'granular';
  reason: string;
}

/** The scopes that are asked for, each with its reason, as the Atlassian console groups them. */
export function scopeList(scopes: readonly ScopeView[]): Html {
  return html`<details>
    <summary>The ${scopes.length} scopes that Sluice needs, and why</summary>
    ${(['classic', 'granular'] as const).map((kind) => {
      const rows = scopes.filter((scope) => scope.kind === kind);
      if (rows.length === 0) return null;
      return html`<h3>${kind === 'classic' ? 'Classic scopes' : 'Granular scopes'}</h3>
        <table class="cards scopes">
          <thead>
            <tr>
              <th scope="col">Scope</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr>
                  <td><code>${row.scope}</code></td>
                  <td>${row.reason}</td>
                </tr>`,
            )}
          </tbody>
        </table>`;
    })}
  </details>`;
}
