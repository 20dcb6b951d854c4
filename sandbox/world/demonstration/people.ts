import type { Group, Person } from '../types.ts';

const CAST = {
  ada: ['Ada Lindqvist', 'Europe/Stockholm'],
  ben: ['Ben Okafor', 'Europe/London'],
  chloe: ['Chloé Martin', 'Europe/Paris'],
  daniel: ['Daniel Weber', 'Europe/Berlin'],
  emi: ['Emi Tanaka', 'Asia/Tokyo'],
  farid: ['Farid Rahimi', 'Europe/Berlin'],
  grace: ["Grace O'Neill", 'Europe/Dublin'],
  henrik: ['Henrik Sørensen', 'Europe/Copenhagen'],
  ines: ['Inês Carvalho', 'Europe/Lisbon'],
  jonas: ['Jonas Keller', 'Europe/Zurich'],
  kira: ['Kira Novak', 'Europe/Prague'],
  liam: ['Liam Brooks', 'America/New_York'],
  mona: ['Mona Haddad', 'Asia/Beirut'],
  robot: ['Northwind Automation', 'Etc/UTC'],
} as const;

export type PersonKey = keyof typeof CAST;

const KEYS = Object.keys(CAST) as PersonKey[];

export function accountOf(who: PersonKey): string {
  return `712020:6a0c3f1e-5b7d-4e21-9c40-${String(KEYS.indexOf(who) + 1).padStart(12, '0')}`;
}

/**
 * A dozen people with different rights: Ada administers and crawls, Liam has left, Daniel and Inês hide their emails,
 * Mona is a guest, and one account belongs to an app.
 */
export function castOfPeople(): Person[] {
  return KEYS.map((key) => ({
    accountId: accountOf(key),
    name: CAST[key][0],
    email: `${asciiOf(CAST[key][0])}@northwind.example`,
    emailVisible: key !== 'daniel' && key !== 'ines',
    type: key === 'robot' ? 'app' : 'atlassian',
    status: key === 'liam' ? 'inactive' : 'active',
    guest: key === 'mona',
    timeZone: CAST[key][1],
    confluenceAdmin: key === 'ada',
  }));
}

const GROUPS = {
  everyone: ['confluence-users', KEYS.filter((key) => key !== 'mona')],
  admins: ['site-admins', ['ada']],
  crawlers: ['search-crawlers', ['ada']],
  engineering: ['engineering', ['ben', 'chloe', 'daniel', 'emi', 'farid']],
  firmware: ['firmware', ['chloe', 'daniel']],
  oncall: ['sre-oncall', ['farid', 'daniel', 'liam']],
  people: ['people-team', ['grace']],
  leadership: ['leadership', ['ben', 'grace', 'henrik', 'kira']],
  support: ['support', ['ines', 'jonas']],
  launch: ['rover-4-launch', ['kira', 'emi', 'ines', 'ben', 'mona']],
} as const satisfies Record<string, readonly [string, readonly PersonKey[]]>;

export type GroupKey = keyof typeof GROUPS;

const GROUP_KEYS = Object.keys(GROUPS) as GroupKey[];

export function groupIdOf(group: GroupKey): string {
  return `5d1c9b20-77aa-4c3e-8f10-${String(GROUP_KEYS.indexOf(group) + 1).padStart(12, '0')}`;
}

/** Groups overlap: engineering holds firmware, on-call holds someone who has left, launch holds a guest. */
export function castOfGroups(): Group[] {
  return GROUP_KEYS.map((key) => ({
    id: groupIdOf(key),
    name: GROUPS[key][0],
    members: GROUPS[key][1].map((member) => accountOf(member)),
    access: key === 'everyone' ? 'user' : key === 'admins' ? 'site-admin' : 'none',
  }));
}

function asciiOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ø', 'o')
    .normalize('NFD')
    .replaceAll(/[^a-z ]/g, '')
    .replaceAll(' ', '.');
}
