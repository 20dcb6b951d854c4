import type { Express } from 'express';

/** One route of an Express app, as a path that can be called. */
export interface RouteOfApp {
  method: string;
  path: string;
}

/** What Express 5 (router 2) keeps of each route and mount. */
interface Layer {
  rawPath: unknown;
  route?: { path: string | string[]; methods: Record<string, boolean> };
  handle?: { stack?: Layer[] };
}

/** Every route of an app, those of nested routers too; parameters are filled with an id that nothing has. */
export function routesOf(app: Express): RouteOfApp[] {
  const walk = (layers: Layer[], prefix: string): RouteOfApp[] =>
    layers.flatMap((layer) => {
      if (layer.route !== undefined) {
        const { methods, path } = layer.route;
        return Object.keys(methods).flatMap((method) =>
          [path].flat().map((each) => ({ method: method.toUpperCase(), path: prefix + filled(each) })),
        );
      }
      const inner = layer.handle?.stack;
      if (inner === undefined) return [];
      if (typeof layer.rawPath !== 'string')
        throw new Error('A router is mounted under something else than a path.');
      return walk(inner, prefix + (layer.rawPath === '/' ? '' : layer.rawPath));
    });
  return walk((app as unknown as { router: { stack: Layer[] } }).router.stack, '');
}

function filled(path: string): string {
  return path.replaceAll(/[:*](\w+)/g, '00000000-0000-4000-8000-000000000000').replaceAll(/[{}]/g, '');
}
