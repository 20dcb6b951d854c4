/**
 * Base of every error that Sluice throws on purpose.
 *
 * `code` is stable and machine-readable (`snake_case`); `message` says what was seen and what to do next;
 * `status` is the HTTP status with which the public interface answers; `details` is evidence that may be
 * shown (never a secret).
 */
export class SluiceError extends Error {
  override name = 'SluiceError';
  readonly code: string;
  readonly status: number;
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: string,
    message: string,
    options: { status?: number; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 500;
    this.details = options.details;
  }
}

/** Input that names its field: `fields` maps a field's path to what is wrong and how to mend it. Answered with 422. */
export class InvalidInput extends SluiceError {
  override name = 'InvalidInput';
  readonly fields: Record<string, string>;

  constructor(fields: Record<string, string>, message = Object.values(fields).join(' ')) {
    super('invalid_input', message, { status: 422, details: { fields } });
    this.fields = fields;
  }
}

/** The thing is not there, or the caller may not know that it is. Answered with 404. */
export class NotFound extends SluiceError {
  override name = 'NotFound';
  constructor(what: string) {
    super('not_found', `${what} was not found.`, { status: 404 });
  }
}

/** The state of the thing does not allow this now (a sync that already runs, a name that is taken). Answered with 409. */
export class Conflict extends SluiceError {
  override name = 'Conflict';
  constructor(code: string, message: string) {
    super(code, message, { status: 409 });
  }
}
