import type { AwsProxy } from './aws-proxy.ts';
import type { Link, Network } from './network.ts';
import type { PeerFault } from './peer-faults.ts';
import type { PlannedFault } from './plan.ts';
import type { Smsc } from './smsc.ts';
import type { Story } from './story.ts';

export interface TroublemakerOptions {
  readonly faults: readonly PlannedFault[];
  readonly story: Story;
  readonly aws: AwsProxy;
  readonly network: Network;
  readonly smsc: Smsc;
  readonly onFault: (error: unknown) => void;
}

type OfLink = Extract<PeerFault, { kind: 'cut' | 'freeze' }>;

/** Makes the planned faults, as messages come through. */
export class Troublemaker {
  readonly #options: TroublemakerOptions;
  readonly #planned: PlannedFault[];
  /** For the connections on which the next submit_sm are accepted. */
  readonly #ofLinks: OfLink[] = [];
  /** While the SMSC is away. */
  #refusalsLeft = 0;
  made = 0;

  constructor(options: TroublemakerOptions) {
    this.#options = options;
    this.#planned = [...options.faults];
  }

  /** To be called as messages come through. */
  inject(): void {
    const { story } = this.#options;
    for (
      let next = this.#planned[0];
      next !== undefined && story.through >= next.afterThrough;
      next = this.#planned[0]
    ) {
      this.#planned.shift();
      this.made += 1;
      this.#make(next.fault);
    }
  }

  /** A submit_sm was accepted on this connection, and not answered: the moment to break it. */
  onAccepted(link: Link | undefined): void {
    const fault = link === undefined ? undefined : this.#ofLinks.shift();
    if (fault?.kind === 'cut') link?.cut(fault.by);
    else if (fault?.kind === 'freeze') link?.freeze(fault.what, fault.thawMs);
  }

  onRefused(): void {
    if (this.#refusalsLeft === 0) return;
    this.#refusalsLeft -= 1;
    if (this.#refusalsLeft === 0) this.#comeBack().catch(this.#options.onFault);
  }

  #make(fault: PlannedFault['fault']): void {
    const { aws, smsc, story } = this.#options;
    story.happened(Object.values(fault).join(' '));
    switch (fault.kind) {
      case 'aws':
        aws.inject(fault);
        return;
      case 'throttle':
        smsc.expect({ kind: 'refuse', commandStatus: fault.commandStatus }, fault.submits);
        return;
      case 'silence':
        smsc.expect({ kind: 'say nothing' }, fault.submits);
        return;
      case 'restart':
        this.#goAway(fault.refusals).catch(this.#options.onFault);
        return;
      default:
        this.#ofLinks.push(fault);
    }
  }

  async #goAway(refusals: number): Promise<void> {
    const { network, smsc } = this.#options;
    // One that is away already stays away for longer.
    this.#refusalsLeft += refusals;
    if (network.target === undefined) return;
    network.target = undefined;
    await smsc.stop();
  }

  async #comeBack(): Promise<void> {
    const { network, smsc } = this.#options;
    network.target = await smsc.start();
  }
}
