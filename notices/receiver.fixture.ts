import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedNotice {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface NoticeReceiver {
  /** `host:port`, as ALLOWED_PRIVATE_HOSTS takes it. */
  host: string;
  url: string;
  received: ReceivedNotice[];
  /** How the next posts are answered; 204 until it is set. */
  answer: (response: ServerResponse, notice: ReceivedNotice) => void;
  close(): Promise<void>;
}

/** A real HTTP server in a receiver's place. For tests. */
export async function startReceiver(): Promise<NoticeReceiver> {
  const receiver = { received: [], answer: (response) => response.writeHead(204).end() } as Pick<
    NoticeReceiver,
    'received' | 'answer'
  >;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const notice = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      receiver.received.push(notice);
      receiver.answer(response, notice);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(receiver, {
    host,
    url: `http://${host}/hooks/secret-path-1`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  });
}
