/** How `sluice` ends; docs/cli.md lists them. */
export const exits = {
  ok: 0,
  /** What was asked for went wrong, or the answer is no. */
  failed: 1,
  /** The command, or the file, is not understood. */
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  /** Not now: something else is in the way. */
  conflict: 5,
  /** The server did not answer, or failed. */
  unreachable: 6,
} as const;

export type Exit = (typeof exits)[keyof typeof exits];

/** Ends the command with words on standard error. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
  readonly exit: Exit;

  constructor(exit: Exit, message: string) {
    super(message);
    this.exit = exit;
  }
}
