/** A place of a record's way up, itself first; for a comment or attachment its page comes second. */
export interface WayPlace {
  externalId: string;
  /** False: nothing is stored under this id. */
  stored: boolean;
  title: string;
  state: string;
  /** Why it is in that state, as a sentence without its end; null: nothing is noted. */
  because: string | null;
  /** Atlassian's: current, archived, trashed, …; only what is current carries anything. */
  status: string;
  /** Of the space that it is in; null where that is not stored. */
  spaceId: string | null;
  /** Why it is held back, where it is. */
  held: string | null;
  /** Whether its own view restriction has been read; comments and attachments have none. */
  restrictionRead: boolean;
}

/** What is known of a stored record besides its layers: for administrators. */
export interface ItemFacts {
  state: string;
  /** Its connection's. */
  status: string;
  settled: boolean;
  spaceKnown: boolean;
  productKnown: boolean;
  /** A comment or an attachment: it follows its page. */
  contained: boolean;
  way: readonly WayPlace[];
  failures: readonly ItemFailureFacts[];
}

export interface ItemFailureFacts {
  stage: string;
  message: string;
  attempts: number;
  /** ISO 8601 in UTC. */
  lastAt: string;
  nextRetryAt: string | null;
}

/** One thing that hides a record from everybody, or that went wrong with it. `hides` false: it is only told. */
export interface Obstacle {
  code: string;
  message: string;
  hides: boolean;
}

const longestWay = 50;

/**
 * Everything that keeps a stored record from being shown to anybody, whoever looks, outermost cause first; and what went
 * wrong with it. Nothing that hides it: only the layers decide.
 */
export function obstaclesOf(facts: ItemFacts): Obstacle[] {
  const found = [...connectionObstacles(facts.status), ...stateObstacles(facts)];
  if (!facts.settled) found.push(...unsettledBecause(facts));
  if (!facts.settled && !found.some((obstacle) => obstacle.hides)) {
    found.push(
      hides('not_settled', 'Its place or its restrictions changed; the next run settles who may see it.'),
    );
  }
  return [...found, ...facts.failures.map(failed)];
}

function connectionObstacles(status: string): Obstacle[] {
  switch (status) {
    case 'draft':
      return [hides('connection_draft', 'Its connection is not set up, so nobody is shown it.')];
    case 'disconnecting':
      return [
        hides('connection_disconnecting', 'Its connection is being disconnected, so nobody is shown it.'),
      ];
    case 'disabled':
      return [tells('connection_disabled', 'Its connection is disabled: what was read last stays in force.')];
    case 'paused':
      return [tells('connection_paused', 'Its connection is paused: what was read last stays in force.')];
    case 'needs_reauth':
      return [
        tells(
          'connection_needs_reauth',
          'Its connection has to be authorized again: what was read last stays in force until then.',
        ),
      ];
    default:
      return [];
  }
}

function stateObstacles({ state, way, contained }: ItemFacts): Obstacle[] {
  switch (state) {
    case 'indexed':
      return [];
    case 'pending':
      return [
        hides(
          'pending',
          'The last complete run did not list it, so nobody is shown it until a run lists it again (its state is pending).',
        ),
      ];
    case 'waiting':
      return [
        hides('waiting', 'It is wanted, and shown as soon as a run has read it (its state is pending).'),
      ];
    case 'filtered':
      return [hides('filtered', leftOut(way, contained) ?? 'A filter of the connection leaves it out.')];
    case 'failed':
      return [hides('failed', 'It could not be indexed (its state is failed), so nobody is shown it.')];
    case 'manual':
      return [hides('manual', leftOut(way, contained) ?? 'It is indexed by hand only.')];
    default:
      return [hides('state', `The record is not searchable (its state is ${state}), so nobody is shown it.`)];
  }
}

/** Why it is left out, and, where that is because of its page, why that one is. */
function leftOut(way: readonly WayPlace[], contained: boolean): string | null {
  const [own, holder] = way;
  if (own === undefined || own.because === null) return null;
  const found = `${own.because}, so nobody is shown it.`;
  if (!contained || holder === undefined || holder.because === null || holder.state === 'indexed')
    return found;
  const name = holder.title === '' ? `Content ${holder.externalId}` : `“${holder.title}”`;
  return `${found} Of ${name}: ${holder.because}.`;
}

function unsettledBecause(facts: ItemFacts): Obstacle[] {
  const found: Obstacle[] = [];
  if (!facts.productKnown)
    found.push(hides('product_unread', 'Who has Confluence at all has not been read yet.'));
  if (!facts.spaceKnown) found.push(hides('space_unread', 'Its space is not stored, or not read yet.'));
  if (facts.contained && facts.way.length < 2)
    found.push(hides('container_missing', 'The page that it belongs to is not stored.'));
  facts.way.forEach((place, index) => found.push(...placeObstacles(place, index, facts.contained)));
  if (facts.way.some((place, index) => index > firstAbove(facts) && movesSpace(facts.way[index - 1], place)))
    found.push(
      hides(
        'another_space',
        'It hangs below a place of another space, which cannot be: one of the two is not read anew yet.',
      ),
    );
  if (facts.way.length > longestWay)
    found.push(hides('circle', 'The places above it go round in a circle, or never end.'));
  return found;
}

/** From here on each place hangs below the next one, instead of belonging to it. */
const firstAbove = ({ contained }: ItemFacts) => (contained ? 1 : 0);

function movesSpace(below: WayPlace | undefined, place: WayPlace): boolean {
  return below !== undefined && below.stored && place.stored && below.spaceId !== place.spaceId;
}

function placeObstacles(place: WayPlace, index: number, contained: boolean): Obstacle[] {
  const own = index === 0;
  const name = own ? 'It' : place.title === '' ? `Content ${place.externalId}` : `“${place.title}”`;
  const above = own ? '' : `, ${contained && index === 1 ? 'which it belongs to' : 'above it'},`;
  if (!place.stored)
    return [
      hides(
        'above_missing',
        `Content ${place.externalId}${above} is not stored, so its restrictions are unknown.`,
      ),
    ];
  const found: Obstacle[] = [];
  if (place.held !== null)
    found.push(hides('held', `${name}${above} is held back from everybody: ${place.held}`));
  if (!own && place.state === 'pending')
    found.push(hides('above_pending', `${name}${above} was not listed by the last complete run.`));
  if (place.status !== 'current' && !(own && contained))
    found.push(hides('not_current', `${name}${above} is ${place.status} in Atlassian.`));
  if (!place.restrictionRead && !(own && contained))
    found.push(
      hides(
        'restrictions_unread',
        `The view restriction of ${own ? 'it' : `${name}${above}`} has not been read yet.`,
      ),
    );
  return found;
}

function failed({ stage, message, attempts, lastAt, nextRetryAt }: ItemFailureFacts): Obstacle {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  const again = nextRetryAt === null ? 'the next run tries it again' : `tried again at ${nextRetryAt}`;
  return tells('failure', `It failed ${times} (${stage}), last at ${lastAt}: ${message} – ${again}.`);
}

const hides = (code: string, message: string): Obstacle => ({ code, message, hides: true });
const tells = (code: string, message: string): Obstacle => ({ code, message, hides: false });
