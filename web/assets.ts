import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Router } from 'express';

const folder = fileURLToPath(new URL('.', import.meta.url));
const { resolve } = createRequire(import.meta.url);

interface Asset {
  type: string;
  body: Buffer;
}

export interface Assets {
  /** The URL of an asset by its plain name (`sluice.css`), holding the hash of its content. Unknown: throws. */
  url(name: string): string;
  /** Serves what `url` names, for a year: another content has another URL. Mount at the root. */
  router: Router;
}

/** Reads the assets once: our stylesheet (its parts joined in order), our script, htmx and its SSE extension. */
export function createAssets(): Assets {
  const files: Record<string, Asset> = {
    'sluice.css': { type: 'text/css; charset=utf-8', body: readStyles() },
    'sluice.js': script(`${folder}scripts/sluice.js`),
    'htmx.js': script(resolve('htmx.org/dist/htmx.min.js')),
    'sse.js': script(resolve('htmx-ext-sse/dist/sse.min.js')),
    'sluice.svg': { type: 'image/svg+xml', body: readFileSync(`${folder}sluice.svg`) },
  };
  const urls = new Map<string, string>();
  const byUrl = new Map<string, Asset>();
  for (const [name, asset] of Object.entries(files)) {
    const hash = createHash('sha256').update(asset.body).digest('base64url').slice(0, 12);
    const url = `/assets/${hash}/${name}`;
    urls.set(name, url);
    byUrl.set(url, asset);
  }

  const router = Router();
  router.get('/assets/:hash/:name', (req, res) => {
    const asset = byUrl.get(req.path);
    if (asset === undefined) {
      res.status(404).type('text/plain').send('This version of the asset is gone. Reload the page.');
      return;
    }
    res.set({ 'Content-Type': asset.type, 'Cache-Control': 'public, max-age=31536000, immutable' });
    res.send(asset.body);
  });

  return {
    url: (name) => {
      const url = urls.get(name);
      if (url === undefined) throw new Error(`No asset is called ${name}.`);
      return url;
    },
    router,
  };
}

function script(path: string): Asset {
  return { type: 'text/javascript; charset=utf-8', body: readFileSync(path) };
}

function readStyles(): Buffer {
  const names = readdirSync(`${folder}styles`).sort();
  return Buffer.from(names.map((name) => readFileSync(`${folder}styles/${name}`, 'utf8')).join('\n'));
}
