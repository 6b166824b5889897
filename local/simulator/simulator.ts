import { concatenationUdh } from '#contract/text/concatenation.ts';
import { dataCodingOf, segmentText } from '#contract/text/segments.ts';
import type { Clock } from '../../connector/clock.ts';
import { Handsets } from './handsets.ts';
import { Smsc, udhIndicator } from './smsc.ts';

export interface SimulatorOptions {
  readonly systemId: string;
  readonly password: string;
  /** From the submit_sm_resp to the receipt, in ms. @default 200 */
  readonly receiptDelayMs?: number;
  readonly onFault: (error: Error) => void;
  readonly clock: Clock;
}

/** The other side of the gateway: an SMSC and the handsets behind it. */
export class Simulator {
  readonly handsets = new Handsets();
  readonly smsc: Smsc;
  #reference = 0;

  constructor(options: SimulatorOptions) {
    this.smsc = new Smsc({ ...options, onShortMessage: (message) => this.handsets.receive(message) });
  }

  /**
   * A handset sends `text`; resolves with the command_status of each part's deliver_sm_resp. While nobody
   * is bound the parts wait; undefined stands for a part that was given up when the SMSC ended.
   */
  sendMo(from: string, to: string, text: string): Promise<readonly (number | undefined)[]> {
    const { encoding, segments } = segmentText(text);
    this.#reference = (this.#reference + 1) % 0x100;
    const isLong = segments.length > 1;
    return Promise.all(
      segments.map((segment, index) => {
        const udh = isLong ? concatenationUdh(this.#reference, segments.length, index + 1) : new Uint8Array();
        return this.smsc.deliver({
          from,
          to,
          esmClass: isLong ? udhIndicator : 0,
          dataCoding: dataCodingOf(encoding),
          octets: Buffer.concat([udh, segment]),
        });
      }),
    );
  }
}
