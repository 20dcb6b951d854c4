import { createServer } from 'node:net';

/** True when nothing listens on `port` of this machine's loopback and all-interfaces addresses. */
export async function portIsFree(port: number): Promise<boolean> {
  return (await listen(port, '127.0.0.1')) && (await listen(port, undefined));
}

/** A port that is free now: `wished` when it is, else any. */
export async function freePort(wished?: number): Promise<number> {
  if (wished !== undefined && (await portIsFree(wished))) return wished;
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** The first free port from `start` on, within the next hundred. */
export async function nextFreePort(start: number): Promise<number> {
  for (let port = start; port < start + 100; port += 1) {
    if (await portIsFree(port)) return port;
  }
  return freePort();
}

async function listen(port: number, host: string | undefined): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
