import { createServer, type AddressInfo, type Server } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort, nextFreePort, portIsFree } from './ports.ts';

const listening = (host: string) =>
  new Promise<Server>((resolve) => {
    const server = createServer();
    server.listen(0, host, () => resolve(server));
  });

test.each(['127.0.0.1', '0.0.0.0', '::'])('a port that somebody listens on at %s is taken', async (host) => {
  const server = await listening(host);
  const { port } = server.address() as AddressInfo;
  expect(await portIsFree(port)).toBe(false);
  expect(await freePort(port)).not.toBe(port);
  expect(await nextFreePort(port)).not.toBe(port);
  await new Promise((resolve) => server.close(resolve));
  expect(await portIsFree(port)).toBe(true);
  expect(await freePort(port)).toBe(port);
});
