import process from 'node:process';
import { startTestServers } from '../servers.ts';
import { tellStory, type Story } from './demonstration-story.ts';
import { takeShots, type Shot } from './screenshots.ts';

/** The screens that docs pages show. */
function shotsOf({ connection, runs, record, place, memberId }: Story): Shot[] {
  const list = `${connection}/records/list?sort=state`;
  return [
    { name: 'sign-in', path: '/sign-in', as: 'nobody' },
    { name: 'search', path: '/?q=firmware+rollback', as: 'member' },
    { name: 'search-dark', path: '/?q=firmware+rollback', as: 'member', look: 'dark' },
    { name: 'search-narrow', path: '/?q=firmware+rollback', as: 'member', look: 'narrow' },
    {
      name: 'explain',
      path: '/explain?item=Salary+bands&user=jonas.keller%40northwind.example',
      height: 1000,
    },
    { name: 'connections', path: '/connections' },
    { name: 'authenticate', path: '/connections/new', height: 1000 },
    {
      name: 'authorize',
      path: `${connection}/authorize`,
      before: (page) => page.getByRole('button', { name: 'Test connection' }).click(),
      height: 1000,
    },
    { name: 'configure-records', path: `${connection}/configure`, height: 1400 },
    {
      name: 'filters',
      path: `${connection}/configure`,
      before: async (page) => {
        await page.locator('#spaceSearch').fill('r');
        await page
          .getByText(/spaces? found/)
          .first()
          .waitFor();
        await page.locator('#records').scrollIntoViewIfNeeded();
        await page.evaluate(() => document.querySelector('#records')?.scrollIntoView());
      },
      height: 1000,
    },
    {
      name: 'filters-narrow',
      path: `${connection}/configure`,
      look: 'narrow',
      before: (page) => page.evaluate(() => document.querySelector('#records')?.scrollIntoView()),
    },
    {
      name: 'what-would-change',
      path: `${connection}/configure`,
      before: async (page) => {
        await page.locator('#labels').fill('policy');
        await page.locator('#labelsOperator').selectOption('in');
        await page.getByRole('button', { name: 'Show what would change' }).click();
        await page.getByRole('heading', { name: 'What would change' }).waitFor();
      },
      height: 1300,
    },
    {
      name: 'content-rules',
      path: `${connection}/content`,
      before: async (page) => {
        await page.getByLabel('A page to see it on').fill('Incident runbook');
        await page.getByRole('button', { name: 'Preview', exact: true }).click();
        await page.getByRole('heading', { name: /before and after/ }).waitFor();
      },
      height: 1600,
    },
    { name: 'overview', path: connection, height: 1200 },
    { name: 'overview-dark', path: connection, look: 'dark', height: 1200 },
    { name: 'overview-narrow', path: connection, look: 'narrow', height: 1200 },
    { name: 'sync-now', path: `${connection}/sync`, height: 1100 },
    { name: 'runs', path: `${connection}/runs` },
    { name: 'run', path: `/runs/${runs.full}`, height: 1100 },
    { name: 'dry-run', path: `/runs/${runs.dry}/report`, height: 1200 },
    { name: 'records-tree', path: `${connection}/records?at=${place}`, height: 1000 },
    { name: 'records-list', path: list, height: 1000 },
    { name: 'records-list-dark', path: list, look: 'dark', height: 1000 },
    { name: 'records-list-narrow', path: list, look: 'narrow', height: 1200 },
    { name: 'unindex', path: `${connection}/records/choose?do=unindex&subtree=${place}` },
    { name: 'record', path: `/records/${record}`, height: 1400 },
    { name: 'permissions', path: `${connection}/permissions`, height: 1200 },
    { name: 'hidden', path: `${connection}/permissions/hidden`, height: 1000 },
    { name: 'people', path: '/people', height: 1000 },
    { name: 'users', path: '/settings/users', height: 1000 },
    { name: 'user', path: `/settings/users/${memberId}`, height: 1000 },
    { name: 'api-keys', path: '/settings/api-keys', height: 1000 },
    { name: 'audit', path: '/settings/audit', height: 1000 },
    { name: 'notifications', path: '/settings/notifications', height: 1000 },
    { name: 'oauth-apps', path: '/settings/oauth-apps', height: 1000 },
    {
      name: 'diagnosis',
      path: '/settings/diagnosis',
      before: async (page) => {
        await page.getByRole('button', { name: 'Run the diagnosis' }).click();
        await page.locator('main li.card').first().waitFor();
      },
      height: 1400,
    },
    { name: 'logs', path: '/logs', height: 1000 },
    { name: 'profile', path: '/profile', as: 'member', height: 1200 },
    { name: 'connect-account', path: '/connect-account', as: 'member' },
  ];
}

/** `npm run screenshots`: all of docs/screenshots anew, or those that are named. */
async function main(names: string[]): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const servers = await startTestServers(say);
  try {
    const story = await tellStory(say);
    try {
      const shots = shotsOf(story);
      const unknown = names.filter((name) => !shots.some((shot) => shot.name === name));
      if (unknown.length > 0) throw new Error(`No screenshot is called ${unknown.join(', ')}.`);
      await takeShots(
        story,
        names.length === 0 ? shots : shots.filter(({ name }) => names.includes(name)),
        say,
      );
    } finally {
      await story.close();
    }
  } finally {
    await servers.stop();
  }
}

await main(process.argv.slice(2));
