import type { TemporalFacts } from '../../temporal/facts.ts';
import { failed, ok, skipped, type DiagnosisCheck } from './check.ts';

export type TemporalLook = () => Promise<TemporalFacts | null>;

/** Temporal: whether it answers, and knows the namespace. */
export function temporalCheck(look: TemporalLook): DiagnosisCheck {
  return {
    name: 'temporal',
    title: 'Temporal',
    why: 'It starts every sync and carries it through crashes. Search works without it, but grows old.',
    async look() {
      const facts = await look();
      if (facts === null) return skipped('This process has no way to Temporal.');
      if (facts.state === 'away') {
        return failed(
          `Temporal does not answer (${facts.code}).`,
          'Start it, or correct TEMPORAL_ADDRESS; where it asks for TLS, set TEMPORAL_TLS_CA_FILE or TEMPORAL_API_KEY.',
        );
      }
      if (facts.state === 'refused') {
        return failed(
          `Temporal refuses us (${facts.code}).`,
          'Correct TEMPORAL_API_KEY, or the client certificate in TEMPORAL_TLS_CERT_FILE and TEMPORAL_TLS_KEY_FILE.',
        );
      }
      if (facts.state !== 'there') {
        return failed(
          'The namespace does not exist.',
          'Make it by `temporal operator namespace create`, or correct TEMPORAL_NAMESPACE.',
        );
      }
      return ok(`Temporal ${facts.version} answers, and has the namespace.`);
    },
  };
}
