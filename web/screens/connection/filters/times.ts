import { field, select, type FieldErrors } from '../../../components/form.ts';
import { html, type Html } from '../../../html.ts';
import { timeFilters, timeNames, type FilterValues, type TimeName } from './fields.ts';
import { hasError, section } from './section.ts';

const operators = { is_after: 'after', is_before: 'before', is_between: 'between' } as const;

/**
 * Dates by the clock of one time zone.
 * @param ownZone whether the browser's zone may be filled in: nothing is entered by another's clock yet
 */
export function timeSection(values: FilterValues, errors: FieldErrors, ownZone: boolean): Html {
  const set = timeFilters.filter((name) => values[`${name}Operator`] !== '');
  const names = timeFilters.flatMap((name) => [
    `${name}From`,
    `${name}FromTime`,
    `${name}To`,
    `${name}ToTime`,
  ]);
  return section({
    id: 'times',
    title: 'Dates',
    says: set.length === 0 ? 'Any' : set.map((name) => says(name, values)).join('; '),
    open: set.length > 0 || hasError(errors, 'filterZone', ...names),
    body: html`<p class="hint" id="times-hint">
        Is After and Is Before leave the day itself out, Is Between takes both days in. With a time of day, Is
        After and Is Before leave that moment out, and Is Between takes it in.
      </p>
      ${timeFilters.map((name) => timeFields(name, values, errors))}
      <div class="field" data-own-zone="filterZone" data-own-zone-fill=${ownZone ? 'yes' : undefined}>
        ${field({
          name: 'filterZone',
          label: 'Time zone of these dates',
          value: values.filterZone,
          errors,
          list: 'zones',
          hint: 'By its IANA name, for example Europe/Zurich. Days begin and end by the clock there, summer time included.',
        })}
      </div>`,
  });
}

function says(name: TimeName, values: FilterValues): string {
  const operator = operators[values[`${name}Operator`] as keyof typeof operators];
  const at = (edge: 'From' | 'To') => `${values[`${name}${edge}`]} ${values[`${name}${edge}Time`]}`.trim();
  const days = { after: at('From'), before: at('To'), between: `${at('From')} and ${at('To')}` }[operator];
  return `${timeNames[name]} ${operator} ${days}`;
}

function timeFields(name: TimeName, values: FilterValues, errors: FieldErrors): Html {
  return html`<fieldset class=${`field time-filter ${name}-filter`}>
    <legend>${timeNames[name]}</legend>
    ${select({
      name: `${name}Operator`,
      label: `${timeNames[name]}: which`,
      value: values[`${name}Operator`],
      choices: [
        { value: '', label: 'Any' },
        { value: 'is_after', label: 'Is After' },
        { value: 'is_before', label: 'Is Before' },
        { value: 'is_between', label: 'Is Between' },
      ],
    })}
    ${edge(name, 'From', 'after', values, errors)} ${edge(name, 'To', 'before', values, errors)}
  </fieldset>`;
}

function edge(
  name: TimeName,
  which: 'From' | 'To',
  word: string,
  values: FilterValues,
  errors: FieldErrors,
): Html {
  const label = which === 'From' ? 'From' : 'To';
  const about = `${timeNames[name]}, ${label.toLowerCase()}`;
  return html`<div class=${`row top edge-${word}`}>
    ${field({
      name: `${name}${which}`,
      label: `${about}: day`,
      type: 'date',
      value: values[`${name}${which}`],
      errors,
    })}
    ${field({
      name: `${name}${which}Time`,
      label: `${about}: time (optional)`,
      type: 'time',
      value: values[`${name}${which}Time`],
      errors,
    })}
  </div>`;
}
