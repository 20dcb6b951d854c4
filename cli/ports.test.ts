import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { parseConfig } from '../config.ts';
import { freePort } from '../process/ports.ts';
import { settlePorts } from './ports.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const takenPort = () =>
  new Promise<number>((resolve) => {
    const server = createServer();
    servers.push(server);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

test('a chosen port that is taken is refused, with its variable', async () => {
  const port = await takenPort();
  await expect(settlePorts(parseConfig({ PORT: String(port) }), () => {})).rejects.toThrow(
    `Port ${port} is taken by another program: stop that one, or set PORT to a free port.`,
  );
});

test('a default port that is taken gives way to the next, aloud, and the public address follows', async () => {
  const port = await takenPort();
  const said: string[] = [];
  const config = { ...parseConfig({}), port };
  const settled = await settlePorts(config, (line) => said.push(line));
  expect(settled.port).toBeGreaterThan(port);
  expect(settled.publicUrl).toBe(`http://localhost:${settled.port}`);
  expect(said[0]).toBe(`Port ${port} is taken: using ${settled.port} (set PORT to choose)`);
});

test('a chosen public address stays, and no port is given twice', async () => {
  const port = await freePort();
  const config = {
    ...parseConfig({ PUBLIC_URL: 'https://sluice.example.com' }),
    port,
    sandboxPort: port,
    metricsPort: port,
  };
  const settled = await settlePorts(config, () => {});
  expect(settled.publicUrl).toBe('https://sluice.example.com');
  const ports = [settled.port, settled.sandboxPort, settled.metricsPort, settled.workerMetricsPort];
  expect(new Set(ports).size).toBe(4);
});
