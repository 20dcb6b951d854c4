import { Router } from 'express';
import type { AppParts } from '../app.ts';
import { answerQuestion } from '../explain/answer.ts';
import { personAsked } from '../explain/person-asked.ts';
import { seesEverything } from '../explain/sees-everything.ts';
import { resolveViewer } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { viewerHeader } from './schemas.ts';
import { explainParameters, explainSchema } from './explain-schemas.ts';

/** GET /explain: why a person can or cannot see what is named by an address, an id or a title. */
export function createExplainApi({
  db,
  openapi,
  publicUrl,
}: Pick<AppParts, 'db' | 'openapi' | 'publicUrl'>): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  endpoint(
    {
      method: 'get',
      path: '/explain',
      summary: 'Why a person can or cannot see an item, named by its address, id or title',
      tag: 'records',
      headers: viewerHeader,
      query: explainParameters,
      response: explainSchema,
    },
    async ({ req, res, query }) => {
      const viewer = resolveViewer(req);
      const everything = seesEverything(req, viewer);
      const person = await personAsked(db, viewer, query.user, everything);
      const answer = await answerQuestion(db, {
        item: query.item,
        person,
        viewer,
        everything,
        connectionId: query.connection,
        publicUrl,
      });
      res.setHeader('cache-control', 'private, no-store');
      return answer;
    },
  );
  return router;
}
