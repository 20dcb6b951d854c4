import type { AddressInfo } from 'node:net';
import express from 'express';
import { securityHeaders } from '../../server/security/headers.ts';
import { createAssets } from '../../web/assets.ts';
import { renderPage } from '../../web/layout.ts';
import { gallery, galleryContext } from './gallery.ts';

export interface Served {
  url: string;
  close(): Promise<void>;
}

/** The gallery on a free port, with the product's own security headers and assets: `/<name>`. */
export function serveGallery(): Promise<Served> {
  const assets = createAssets();
  const app = express();
  app.use(securityHeaders({ publicUrl: 'http://localhost', authorizeOrigins: [] }));
  app.use(assets.router);
  app.get('/:name', (req, res) => {
    const page = gallery[req.params.name];
    if (page === undefined) res.status(404).send('Not in the gallery.');
    else res.type('html').send(renderPage(galleryContext(req.params.name, assets.url), page));
  });
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
