import type { Lots } from '../../lots.ts';

export const LABELS = [
  'design',
  'review',
  'ai-ingest',
  'decision',
  'how-to',
  'draft-2026',
  'customer',
  'metrics',
];

const TOPICS = [
  'Gripper',
  'Charging dock',
  'Firmware',
  'Payroll',
  'Onboarding',
  'Warehouse map',
  'Incident',
  'Budget',
];
const KINDS = [
  'review',
  'runbook',
  'plan',
  'retrospective',
  'checklist',
  'decision',
  'report',
  'interview notes',
];

const SENTENCES = [
  'The new board draws less current while the arm is idle.',
  'We agreed to keep the old endpoint until every robot in the field is updated.',
  'Torque readings drift by two percent after eight hours of load.',
  'Customers ask for a printable summary after each mission.',
  'The staging fleet is rebuilt every night from the same image.',
  'Nobody should need more than three clicks to stop a machine.',
  'Spare parts for the charging dock are ordered six weeks ahead.',
  'The report is sent to finance on the second working day of the month.',
  'When the sensor reports twice in a row, the watchdog restarts the driver.',
  'Please add your questions below, we go through them on Thursday.',
  'A rollback takes four minutes and loses no telemetry.',
  'The vendor confirmed the certificate for the European market.',
];

export function titleOf(lots: Lots): string {
  return `${lots.pick(TOPICS)} ${lots.pick(KINDS)}`;
}

/** Makes bodies of about `bytes` bytes: a first paragraph of the page's own, then one of a few shared blocks. */
export function bodyMaker(lots: Lots, bytes: number): (title: string) => string {
  const blocks = Array.from({ length: 32 }, () => block(lots, Math.max(0, bytes - 120)));
  return (title) =>
    `<p>${title} was last looked at by the team in round ${lots.below(100_000)}.</p>${lots.pick(blocks)}`;
}

function block(lots: Lots, bytes: number): string {
  let text = '';
  let section = 0;
  while (text.length < bytes) {
    section += 1;
    if (section % 5 === 1) text += `<h2>${titleOf(lots)}</h2>`;
    else if (section % 5 === 3)
      text += `<ul><li><p>${sentences(lots, 1)}</p></li><li><p>${sentences(lots, 1)}</p></li></ul>`;
    else text += `<p>${sentences(lots, 3)}</p>`;
  }
  return text;
}

function sentences(lots: Lots, count: number): string {
  return Array.from({ length: count }, () => lots.pick(SENTENCES)).join(' ');
}
