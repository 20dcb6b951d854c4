/**
 * Names of the rows in points_ledger and rate_limits. All apps of one client id share one quota; a token has none, but
 * one request rate. A site is known by its host, an endpoint by its method and its path without ids.
 */
export const budgetKey = {
  app: (clientId: string) => `app:${clientId}`,
  connection: (id: string) => `connection:${id}`,
};

export const limitKey = {
  /** Of an app or token at one site. */
  site: (budget: string, host: string) => `${budget} at ${host}`,
  /** Of whoever asks: burst limits are the site's, and what fails fails for all. */
  endpoint: (host: string, endpoint: string) => `${endpointPrefix(host)}${endpoint}`,
  /** The connection's own bound of requests a minute. */
  rate: (connectionId: string) => `rate:${connectionId}`,
};

export const endpointPrefix = (host: string) => `site:${host} `;
