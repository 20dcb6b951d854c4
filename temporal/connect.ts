import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { SluiceError } from '../errors.ts';

/** How the Temporal server is reached. Certificates are PEM. */
export interface TemporalAddress {
  address: string;
  namespace: string;
  apiKey?: string | undefined;
  tls?: { ca?: Buffer | undefined; cert?: Buffer | undefined; key?: Buffer | undefined } | undefined;
}

/** A client for starting and watching workflows. Nothing is sent before it is used. */
export function connectClient(temporal: TemporalAddress): { client: Client; close(): Promise<void> } {
  const connection = Connection.lazy(options(temporal));
  return {
    client: new Client({ connection, namespace: temporal.namespace }),
    close: () => connection.close(),
  };
}

/** @throws SluiceError `temporal_unreachable` that says which address did not answer. */
export async function connectWorker(temporal: TemporalAddress): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options(temporal));
  } catch (error) {
    throw new SluiceError(
      'temporal_unreachable',
      `Temporal does not answer at ${temporal.address}. Start it, or correct TEMPORAL_ADDRESS.`,
      { cause: error },
    );
  }
}

function options({ address, apiKey, tls }: TemporalAddress) {
  const pair =
    tls?.cert !== undefined && tls.key !== undefined
      ? { clientCertPair: { crt: tls.cert, key: tls.key } }
      : {};
  const authority = tls?.ca === undefined ? {} : { serverRootCACertificate: tls.ca };
  return {
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    // An API key is sent over TLS only.
    tls: tls === undefined ? apiKey !== undefined : { ...pair, ...authority },
  };
}
