import type { TimeFilter } from '../../scope/settings.ts';
import type { FilterValues, TimeName } from '../../web/screens/connection/filters/fields.ts';
import { calendarDay, endOfDay, instantOn, isZone, localTime, startOfDay, timeOfDay } from '../zoned-time.ts';

type Part = 'Operator' | 'From' | 'FromTime' | 'To' | 'ToTime';
type Values = Readonly<Record<Part, string>>;
type Edge = 'From' | 'To';

/** Of a day without a time: which end of it an edge is, so that After and Before leave the day out and Between takes it in. */
const ends: Record<TimeFilter['operator'], Partial<Record<Edge, 'start' | 'end'>>> = {
  is_after: { From: 'end' },
  is_before: { To: 'start' },
  is_between: { From: 'start', To: 'end' },
};

const partsOf = (values: FilterValues, name: TimeName): Values => ({
  Operator: values[`${name}Operator`],
  From: values[`${name}From`],
  FromTime: values[`${name}FromTime`],
  To: values[`${name}To`],
  ToTime: values[`${name}ToTime`],
});

/** A filter as the form shows it, by the clock of a zone. */
export function timeValues(
  name: TimeName,
  filter: TimeFilter | undefined,
  zone: string,
): Partial<FilterValues> {
  const edges = filter === undefined ? {} : ends[filter.operator];
  const shown = (edge: Edge): [string, string] => {
    const end = edges[edge];
    const instant = filter === undefined ? null : instantIn(filter, edge);
    if (end === undefined || instant === null) return ['', ''];
    const { day, date, time } = localTime(instant, zone);
    const whole = instant === (end === 'start' ? startOfDay(day, zone) : endOfDay(day, zone));
    return [date, whole ? '' : time.replace(/(:00)?\.000$/, '')];
  };
  const [from, fromTime] = shown('From');
  const [to, toTime] = shown('To');
  return {
    [`${name}Operator`]: filter?.operator ?? '',
    [`${name}From`]: from,
    [`${name}FromTime`]: fromTime,
    [`${name}To`]: to,
    [`${name}ToTime`]: toTime,
  };
}

function instantIn(filter: TimeFilter, edge: Edge): number | null {
  const text = edge === 'From' ? ('from' in filter ? filter.from : null) : 'to' in filter ? filter.to : null;
  return text === null ? null : Date.parse(text);
}

/**
 * The filter that the form says; undefined: none. What shows as the stored filter does is the stored one, to the
 * millisecond.
 * @param faults is given words for each field that says nothing
 */
export function timeFilterFrom(
  name: TimeName,
  values: FilterValues,
  stored: TimeFilter | undefined,
  faults: Record<string, string>,
): TimeFilter | undefined {
  const parts = partsOf(values, name);
  const operator = (['is_after', 'is_before', 'is_between'] as const).find((each) => each === parts.Operator);
  if (operator === undefined) return undefined;
  const zone = values.filterZone === '' ? 'UTC' : values.filterZone;
  if (!isZone(zone)) return undefined;
  const before = timeValues(name, stored, zone);
  const edge = (which: Edge): string => {
    const end = ends[operator][which];
    if (end === undefined) return '';
    const [dateName, timeName] = [`${name}${which}`, `${name}${which}Time`] as const;
    const same =
      stored?.operator === operator &&
      (['', 'Time'] as const).every(
        (part) => before[`${name}${which}${part}`] === values[`${name}${which}${part}`],
      );
    const kept = same ? instantIn(stored, which) : null;
    if (kept !== null) return new Date(kept).toISOString();
    const day = calendarDay(values[dateName]);
    if (day === null) {
      faults[dateName] = 'Give a day, like 2026-01-31.';
      return '';
    }
    const time = timeOfDay(values[timeName]);
    if (time === null && values[timeName] !== '') {
      faults[timeName] = 'Give a time of day such as 09:30, or none for the whole day.';
    }
    if (time === null) {
      return new Date(end === 'start' ? startOfDay(day, zone) : endOfDay(day, zone)).toISOString();
    }
    return new Date(instantOn(day, time, zone, which === 'From' ? 'first' : 'last')).toISOString();
  };
  const timezone = zone;
  switch (operator) {
    case 'is_after':
      return { operator, from: edge('From'), timezone };
    case 'is_before':
      return { operator, to: edge('To'), timezone };
    default:
      return { operator, from: edge('From'), to: edge('To'), timezone };
  }
}
