import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { runSluice } from '../cli/program.ts';

export interface Ended {
  exit: number;
  out: string;
  err: string;
}

export interface TestCli {
  url: string;
  /** `sluice …` as somebody types it, in this process; `env` beside SLUICE_URL. */
  sluice(args: string[], options?: { env?: Record<string, string>; stdin?: string }): Promise<Ended>;
  close(): void;
}

/** The command line against an app that listens on loopback. `key` is in the environment unless `env` says otherwise. */
export async function createTestCli(app: Express, key: string): Promise<TestCli> {
  const listener: Server = createServer(app);
  await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  return {
    url,
    async sluice(args, { env = {}, stdin = '' } = {}) {
      let [out, err] = ['', ''];
      const exit = await runSluice(args, {
        env: { SLUICE_URL: url, SLUICE_API_KEY: key, ...env },
        stdin: async () => stdin,
        out: (text) => void (out += text),
        err: (text) => void (err += text),
      });
      return { exit, out, err };
    },
    close() {
      listener.closeAllConnections();
      listener.close();
    },
  };
}
