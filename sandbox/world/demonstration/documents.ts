import { sampleFile } from '../files/sample.ts';
import type { DraftFile } from './draft.ts';

/** Office files of the company, by the titles of the pages that they hang on. */
export const documents: readonly { on: string; file: DraftFile }[] = [
  {
    on: 'On-call handbook',
    file: document('docx', 'escalation-letter', [
      'Escalation to the customer',
      'We write within the first hour, also where we know nothing yet.',
      'The word "outage" stands in the subject, and no apology before the cause is known.',
    ]),
  },
  {
    on: 'Battery pack',
    file: document('xlsx', 'cell-suppliers', [
      'Quillon Cells, Rotterdam: 21700, lead time nine weeks',
      'Tessel Energy, Graz: 21700, lead time six weeks',
    ]),
  },
  {
    on: 'Rover 4 launch',
    file: document('pptx', 'launch-rehearsal', ['Launch rehearsal', 'The hall opens at nine; the curtain falls at ten']),
  },
  {
    on: 'Glossary',
    file: document('odt', 'glossaire', ['Anneau : groupe de robots mis à jour ensemble', 'Quai : borne de recharge']),
  },
  {
    on: 'Incident runbook',
    file: document('rtf', 'radio-call-signs', ['Lighthouse: incident lead', 'Keeper: the one who writes it down']),
  },
  {
    on: 'Salary bands',
    file: document('docx', 'proposal-january', ['Proposal for January', 'The E3 band rises by four percent in Zürich.']),
  },
  { on: 'System overview', file: document('md', 'ports', ['# Ports', '`8443` gateway, `5671` queue']) },
]; // prettier-ignore

function document(ending: string, name: string, lines: readonly string[]): DraftFile {
  const { title, mediaType, bytes } = sampleFile(ending, name, lines);
  return { title, mediaType, base64: bytes.toString('base64') };
}
