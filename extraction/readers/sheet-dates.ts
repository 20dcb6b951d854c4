/** Date formats that Excel brings along, by number (ECMA-376 part 1, 18.8.30). */
const builtIn = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** Whether a number format shows a date or a time: letters of these outside quotes, colours and conditions. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return builtIn(id);
  return /[ymdhs]/i.test(code.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|general/gi, ''));
}

const day = 86_400_000;

/** A serial number of days as ISO 8601: the date, the time, or both, as much as it says. As it stands where it is no date. */
export function dateOf(serial: string, from1904: boolean): string {
  const days = Number(serial);
  const start = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const time = start + Math.round(days * 86_400) * 1_000;
  // Excel's own range ends with the year 9999.
  if (!Number.isFinite(days) || days < 0 || days > 2_958_466) return serial;
  const text = new Date(time).toISOString();
  const clock = text.slice(11, 16);
  if (days < 1) return clock;
  return time % day === 0 ? text.slice(0, 10) : `${text.slice(0, 10)} ${clock}`;
}
