import type { Config } from '../config.ts';
import { SluiceError } from '../errors.ts';
import { nextFreePort, portIsFree } from '../process/ports.ts';

export interface SettledConfig extends Config {
  /** The server's metrics have METRICS_PORT; the worker's are beside it. */
  workerMetricsPort: number;
}

/**
 * Settles the ports of a start: a default that is taken gives way to the next free one (and PUBLIC_URL follows), a
 * port that was asked for does not.
 * @throws SluiceError `port_taken`.
 */
export async function settlePorts(config: Config, say: (line: string) => void): Promise<SettledConfig> {
  const port = await settle('PORT', config.port, config.portIsChosen, [], say);
  const sandboxPort = config.sandbox
    ? await settle('SANDBOX_PORT', config.sandboxPort, config.sandboxPortIsChosen, [port], say)
    : config.sandboxPort;
  const metricsPort = await settle(
    'METRICS_PORT',
    config.metricsPort,
    config.metricsPortIsChosen,
    [port, sandboxPort],
    () => {},
  );
  const used = [port, sandboxPort, metricsPort];
  const workerMetricsPort = await settle('METRICS_PORT', metricsPort + 1, false, used, () => {});
  const publicUrl = config.publicUrlIsChosen ? config.publicUrl : `http://localhost:${port}`;
  return { ...config, port, publicUrl, sandboxPort, metricsPort, workerMetricsPort };
}

async function settle(
  name: string,
  wished: number,
  chosen: boolean,
  used: number[],
  say: (line: string) => void,
): Promise<number> {
  if (!used.includes(wished) && (await portIsFree(wished))) return wished;
  if (chosen) {
    throw new SluiceError(
      'port_taken',
      `Port ${wished} is taken by another program: stop that one, or set ${name} to a free port.`,
    );
  }
  let port = await nextFreePort(wished + 1);
  while (used.includes(port)) port = await nextFreePort(port + 1);
  say(`Port ${wished} is taken: using ${port} (set ${name} to choose)`);
  return port;
}
