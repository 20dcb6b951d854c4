import { Router, type Request } from 'express';
import { InvalidInput } from '../../errors.ts';
import { filled, filterFields, listUrl, recordsBase } from '../../web/screens/records/address.ts';
import {
  questionScreen,
  type QuestionScreen,
  type RecordAction,
} from '../../web/screens/records/question.ts';
import { plural } from '../../web/time.ts';
import { recordIdSchema } from '../api/record-schemas.ts';
import { csrfToken } from '../security/csrf.ts';
import type { ChosenView } from '../services/records/choosing.ts';
import type { RecordTarget } from '../services/records/target.ts';
import { resolveAdministrator } from '../viewer.ts';
import { attempt, formText, goOn, ownPath, pathPart, queryText, show, type PageParts } from './page.ts';
import { filtersOf, listStateOf } from './record-list-state.ts';

const actions: readonly RecordAction[] = ['index', 'unindex', 'retry'];
const mostChosen = 500;

/** Asks before records are indexed, un-indexed or tried again, and does it. */
export function recordChoicePages(parts: PageParts): Router {
  const { services } = parts;
  const router = Router();

  router.get('/connections/:id/records/choose', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const asked = askedFor(req, 'query');
    const back = ownPath(queryText(req, 'back') ?? asked.back(connection.id));
    if (asked.kind === 'records' && asked.target.ids?.length === 0) {
      const message = 'Choose records by their boxes first.';
      return goOn(req, res, back, { ok: false, code: 'nothing_chosen', message });
    }
    const reach = await services.records.reach(actor, connection.id, asked.target);
    const { action, fields: target, kind } = asked;
    show(
      parts,
      req,
      res,
      questionScreen({ csrfToken: csrfToken(req), connection, action, target, kind, reach, back }),
    );
  });

  router.post('/connections/:id/records/choose', async (req, res) => {
    const actor = resolveAdministrator(req);
    const connection = await services.connections.get(actor, pathPart(req, 'id'));
    const asked = askedFor(req, 'form');
    const given = ownPath(formText(req, 'back'));
    const back = given === '/' ? recordsBase(connection.id) : given;
    await attempt(req, res, back, async () => {
      if (asked.action === 'retry') {
        await services.records.retry(actor, connection.id, asked.target.ids ?? []);
        return {
          code: 'retry',
          message: 'What failed is tried again by the sync that has started, or is under way.',
        };
      }
      const indexed = asked.action === 'index';
      const chosen = await services.records.choose(actor, connection.id, asked.target, indexed);
      return { code: asked.action, message: indexed ? indexedWords(chosen) : unindexedWords(chosen) };
    });
  });

  return router;
}

function indexedWords({ records, takenIn, run }: ChosenView): string {
  const reached = `The choice reaches ${plural(records, 'record')}.`;
  if (takenIn === 0)
    return `${reached} None of them had to be taken in: they are indexed, or a filter leaves them out.`;
  const when = run === null ? 'The sync that is under way or comes next' : 'A sync has started that';
  return `${reached} ${when} reads ${plural(takenIn, 'record')}.`;
}

function unindexedWords({ records, leftOut }: ChosenView): string {
  return `${plural(leftOut, 'record')} of ${plural(records, 'record')} left the index just now; the rest was not in it.`;
}

interface Asked extends Pick<QuestionScreen, 'action' | 'kind'> {
  target: RecordTarget;
  /** The same as fields of a form. */
  fields: [string, string][];
  back(connectionId: string): string;
}

/** @throws InvalidInput on what none of our pages asks for */
function askedFor(req: Request, from: 'query' | 'form'): Asked {
  const text = (name: string) => (from === 'query' ? (queryText(req, name) ?? '') : formText(req, name, 400));
  const action = actions.find((known) => known === text('do'));
  if (action === undefined) throw new InvalidInput({ do: `One of ${actions.join(', ')}.` });
  if (text('all') !== '') {
    const state = listStateOf(req, from);
    const { filters, errors } = filtersOf(state);
    if (filters === null) throw new InvalidInput(errors);
    const fields = filled(state, filterFields);
    return {
      action,
      kind: 'all',
      target: { matching: filters },
      fields: [['all', '1'], ...fields],
      back: (id) => listUrl(id, state),
    };
  }
  for (const kind of ['subtree', 'space', 'selection'] as const) {
    const value = text(kind);
    if (value === '') continue;
    if (kind === 'subtree') checkId(value);
    return {
      action,
      kind,
      target: { [kind]: value },
      fields: [[kind, value]],
      back: (id) =>
        kind === 'selection'
          ? `${recordsBase(id)}/selections`
          : `${recordsBase(id)}?${new URLSearchParams({ [kind === 'space' ? 'space' : 'at']: value })}`,
    };
  }
  const ids = idsOf(from === 'query' ? req.query['id'] : (req.body as Record<string, unknown>)['id']);
  return {
    action,
    kind: 'records',
    target: { ids },
    fields: ids.map((id) => ['id', id]),
    back: (id) => listUrl(id, {}),
  };
}

function idsOf(value: unknown): string[] {
  const given = value === undefined ? [] : [value].flat();
  const ids = [...new Set(given.map(checkId))];
  if (ids.length > mostChosen) throw new InvalidInput({ id: `At most ${mostChosen} records at once.` });
  return ids;
}

function checkId(value: unknown): string {
  const parsed = recordIdSchema.safeParse(value);
  if (!parsed.success) throw new InvalidInput({ id: 'Must be the id of a record.' });
  return parsed.data;
}
