/** What a run's log can be narrowed to: lines of a level and above. */
export const logFilters = {
  debug: 'Everything',
  info: 'Info and above',
  warning: 'Warnings and errors',
  error: 'Errors',
} as const;
export type LogFilterLevel = keyof typeof logFilters;
