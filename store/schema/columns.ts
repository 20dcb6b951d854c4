import type { ColumnType, JSONColumnType } from 'kysely';

/** A time that the database fills in. */
export type GeneratedTime = ColumnType<Date, Date | undefined, Date>;

/** bigint: read as a string, because a JavaScript number could not hold them all. */
export type BigCount = ColumnType<string, bigint | number | string | undefined, bigint | number | string>;

/** jsonb: read as an object, written as text. */
export type Json<T extends object> = JSONColumnType<T, string | undefined, string>;
