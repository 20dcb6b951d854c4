import { mostListed } from './explain.ts';
import type { Layer, Principal } from './types.ts';

const classes: Readonly<Record<string, string>> = {
  'class:all-licensed-users': 'everybody with access to Confluence',
  'class:guests': 'guests of the site',
  'class:authenticated-users': 'everybody who can sign in to Confluence',
  'class:anonymous-users': 'visitors of the site',
  'class:visitors': 'visitors of the site',
  'class:all-product-admins': 'administrators of Confluence',
  'class:jsm-project-admins': 'administrators of service projects',
};

/** What an access class is called; the class itself where it is not known. */
export function className(principal: Principal): string {
  return classes[principal] ?? principal.replace(/^class:/, '');
}

/**
 * Whom a layer admits, to be named: groups and classes before people, at most `mostListed`, and how many more there are.
 * Visitors count once, whichever class names them.
 */
export function admittedPrincipals(layer: Layer): { shown: Principal[]; more: number } {
  const visitors = layer.principals.includes('class:anonymous-users');
  const all = layer.principals.filter((one) => one !== 'class:visitors' || !visitors);
  const ordered = all.toSorted((a, b) => Number(a.startsWith('user:')) - Number(b.startsWith('user:')));
  return { shown: ordered.slice(0, mostListed), more: Math.max(0, all.length - mostListed) };
}
