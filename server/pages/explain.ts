import { Router } from 'express';
import { InvalidInput } from '../../errors.ts';
import { explainScreen, type ExplainView } from '../../web/screens/explain.ts';
import { explainParameters } from '../api/explain-schemas.ts';
import { invalidInput } from '../errors.ts';
import { answerQuestion, type ExplainAnswer } from '../explain/answer.ts';
import { personAsked } from '../explain/person-asked.ts';
import { seesEverything } from '../explain/sees-everything.ts';
import type { Viewer } from '../actor.ts';
import { resolveViewer } from '../viewer.ts';
import { queryText, show, type PageParts } from './page.ts';

/** "Why don't I see…?": everybody asks about him- or herself, administrators about anybody. */
export function explainPages(parts: PageParts): Router {
  const { db, now, publicUrl, browserUrl } = parts;
  const router = Router();

  router.get('/explain', async (req, res) => {
    const viewer = resolveViewer(req);
    const everything = seesEverything(req, viewer);
    const item = queryText(req, 'item') ?? '';
    const user = everything ? (queryText(req, 'user')?.trim() ?? '') : '';
    const view: ExplainView = {
      item,
      user,
      asker: everything ? 'administrator' : viewer.searchingAs ? 'somebody' : 'member',
      answer: null,
      errors: {},
      now: now(),
    };
    if (req.query['item'] === undefined) return show(parts, req, res, explainScreen(view));
    try {
      const answer = await ask(viewer, everything, { item, user });
      show(parts, req, res, explainScreen({ ...view, answer: withBrowserUrls(answer) }));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      show(parts, req, res, explainScreen({ ...view, errors: error.fields }), 422);
    }
  });

  async function ask(viewer: Viewer, everything: boolean, typed: { item: string; user: string }) {
    const asked = explainParameters.safeParse({
      item: typed.item,
      ...(typed.user === '' ? {} : { user: typed.user }),
    });
    if (!asked.success) throw invalidInput(asked.error);
    const person = await personAsked(db, viewer, asked.data.user, everything);
    const question = {
      item: asked.data.item,
      person,
      viewer,
      everything,
      connectionId: undefined,
      publicUrl,
    };
    return answerQuestion(db, question);
  }

  function withBrowserUrls(answer: ExplainAnswer): ExplainAnswer {
    const items = answer.items.map((item) => ({
      ...item,
      record: { ...item.record, url: browserUrl(item.record.url) },
    }));
    return { ...answer, items };
  }

  return router;
}
