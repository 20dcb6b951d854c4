import fc from 'fast-check';

/**
 * Properties draw the same cases in every run, so that a red one is red for everybody and a change is told from chance.
 * FC_SEED=random (or a number) looks elsewhere; fast-check prints the seed of a failure.
 */
const wished = process.env['FC_SEED'] ?? '20261121';
if (wished !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wished) });
