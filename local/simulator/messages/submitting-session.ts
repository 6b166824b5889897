import type { ReceivedPdu } from '../sessions/package-smpp.ts';

/** A session, as far as it submits. */
export interface SubmittingSession {
  readonly number: number;
  /** Of the account that is bound. */
  readonly systemId: string | undefined;
  /** Requests without a response, but for the one that is handled. */
  readonly unanswered: number;
  respond(
    request: ReceivedPdu,
    answer: {
      readonly status: number;
      readonly fields?: Record<string, unknown>;
      /** It is never written. */
      readonly isMissing?: boolean;
      /** Once, when the response was written or never will be. */
      readonly onWritten?: () => void;
    },
  ): void;
  end(by: 'RST'): void;
}
