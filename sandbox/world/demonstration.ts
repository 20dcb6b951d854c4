import { sandboxApp, sandboxTokens } from './credentials.ts';
import type { World } from './types.ts';
import { generateWorld } from './generate.ts';

export function createDemonstration(options: { redirectUri?: string } = {}): World {
  return { ...generateWorld(), oauthApps: [sandboxApp(options.redirectUri)], apiTokens: sandboxTokens('x') };
}
