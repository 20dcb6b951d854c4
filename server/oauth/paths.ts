/**
 * The routes of consents, which this folder answers itself; pages only link to them or post forms there.
 *
 * | route | what |
 * |---|---|
 * | `POST /connections/:id/authorize` | an administrator's form (`_csrf`; `popup=1` inside a popup, `switchAccount=1` to read as another account than before): 303 to Atlassian |
 * | `GET /connections/:id/authorize?token=` | the link that the API gives out, good for an hour until the consent is there; without a token, falls through to the page |
 * | `POST /grants/authorize` | one's own consent: `_csrf`, `oauthAppId`, `popup` |
 * | `POST /sign-in/atlassian` | `_csrf` (of the anonymous session), `returnTo`: 303 to Atlassian |
 * | `GET /oauth/atlassian/callback` | all of them come back here; then on to `returnTo` with a flash (takeFlash), or, in a popup, a page that posts `{type: 'sluice:consent', ok, code, message}` to its opener and closes |
 */
export const callbackPath = '/oauth/atlassian/callback';

/** Where a connection's Authorize tab is, for coming back. */
export const authorizeTab = (connectionId: string) => `/connections/${connectionId}/authorize`;
