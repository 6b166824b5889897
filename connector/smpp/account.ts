import type { CarrierProfile } from '#contract/carrier.ts';
import type { UnnumberedPdu } from './codec/pdu.ts';
import type { Host } from './host.ts';
import type { BindCommand } from './session.ts';

export type Role = 'transceiver' | 'transmitter' | 'receiver';

/** What a bind is made with, but for the password. */
export interface Account {
  readonly role: Role;
  /** The first one is preferred. */
  readonly hosts: readonly Host[];
  readonly bindPdu: (password: string) => UnnumberedPdu<BindCommand>;
}

/** One that sends and receives, or a transmitter and a receiver (quirk 64). */
export function accountsOf(profile: CarrierProfile): readonly Account[] {
  if (profile.bindMode === 'transceiver') return [accountOf(profile, 'transceiver')];
  const { hosts, systemId, systemType, receiver = {} } = profile;
  const ofReceiver = {
    ...profile,
    hosts: receiver.hosts ?? hosts,
    systemId: receiver.systemId ?? systemId,
    systemType: receiver.systemType ?? systemType,
  };
  return [accountOf(profile, 'transmitter'), accountOf(ofReceiver, 'receiver')];
}

function accountOf(profile: CarrierProfile, role: Role): Account {
  return {
    role,
    hosts: profile.hosts,
    bindPdu: (password) => ({
      command: `bind_${role}`,
      commandStatus: 0,
      systemId: profile.systemId,
      password,
      systemType: profile.systemType,
      interfaceVersion: profile.interfaceVersion,
      addrTon: profile.bindTon,
      addrNpi: profile.bindNpi,
      addressRange: profile.addressRange,
      tlvs: [],
    }),
  };
}
