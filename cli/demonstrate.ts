import type { Config, ServiceConfig } from '../config.ts';

export function demonstrationAdministrator(_dataDir: string): Config['administrator'] {
  return {};
}
export async function connectDemonstration(_options: {
  config: ServiceConfig;
  say: (line: string) => void;
}): Promise<void> {}
