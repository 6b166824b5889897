import { createHash } from 'node:crypto';
import type { Clock } from '../../../connector/clock.ts';
import { commandStatus } from '../command-status.ts';
import type { Behaviour } from '../play/behaviour.ts';
import { endingOf } from '../play/endings.ts';
import type { Stage } from '../play/stage.ts';
import { ucs2DataCoding } from '../smpp.ts';
import { isWellFormed } from './address-rules.ts';
import { fitsRadio } from './radio.ts';
import { RateWindow } from './rate-window.ts';
import { RecentMap } from './recent-map.ts';
import { readTime } from './smpp-time.ts';
import { bodyOf, type Content, concatenationOf, hasUdh, type Submission } from './submission.ts';

/** Of a message that names none. */
const defaultValidityMs = 24 * 3_600_000;
/** Submissions of which it is known how often they were refused. */
const maxRefused = 10_000;

type Submits = Behaviour['submits'];

export interface Submitter {
  readonly systemId: string;
  /** Requests without a response, but for the one that is looked at. */
  readonly unanswered: number;
}

/** Milliseconds since the epoch. */
export interface Times {
  readonly scheduledAt?: number | undefined;
  readonly expiresAt: number;
}

export type Decision = { readonly kind: 'refused'; readonly status: number } | ({ readonly kind: 'accepted' } & Times);

export interface AdmissionOptions {
  readonly stage: Stage;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Which messages the SMSC takes. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** By account. */
  readonly #rates = new Map<string, RateWindow>();
  /** How often a submission was refused by the ending of its number. */
  readonly #refusals = new RecentMap<number>(maxRefused);

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  decide(submission: Submission, submitter: Submitter): Decision {
    const { submits } = this.#options.stage.behaviour;
    const status =
      this.#load(submits, submitter) ??
      this.#chance(submits) ??
      faultOf(submission, submits) ??
      this.#ending(submission.content);
    return status === undefined ? timesOf(submission, submits, this.#options.clock.now()) : refused(status);
  }

  #load({ unanswered, perSecond }: Submits, submitter: Submitter): number | undefined {
    if (unanswered !== null && submitter.unanswered >= unanswered.limit) return unanswered.status;
    if (perSecond === null) return undefined;
    const rate = this.#rates.get(submitter.systemId) ?? new RateWindow();
    this.#rates.set(submitter.systemId, rate);
    return rate.take(perSecond.limit, this.#options.clock.monotonic()) === 'taken' ? undefined : perSecond.status;
  }

  #chance({ refuse }: Submits): number | undefined {
    if (refuse === null || this.#options.random() >= refuse.share) return undefined;
    return this.#options.stage.inTurn(refuse.statuses);
  }

  #ending(content: Content): number | undefined {
    const refuse = endingOf(content.to)?.refuse;
    if (refuse === undefined || refuse.times === Number.POSITIVE_INFINITY) return refuse?.status;
    const key = fingerprint(content);
    const times = this.#refusals.get(key) ?? 0;
    if (times >= refuse.times) return undefined;
    this.#refusals.set(key, times + 1);
    return refuse.status;
  }
}

function refused(status: number): Decision {
  return { kind: 'refused', status };
}

/** What is wrong with the submission itself. */
function faultOf(submission: Submission, submits: Submits): number | undefined {
  const { source, destination, dataCoding } = submission.content;
  const isChecked = submits.addresses === 'checked';
  if (isChecked && !isWellFormed(source)) return commandStatus.invalidSource;
  if (destination.digits === '' || (isChecked && !isWellFormed(destination)))
    return submits.statuses.invalidDestination;
  if (submits.refusedDataCodings.includes(dataCoding)) return commandStatus.submitFailed;
  return lengthFaultOf(submission, submits);
}

function lengthFaultOf(submission: Submission, { sar, maxPartOctets, lengths }: Submits): number | undefined {
  const { content, hasSar } = submission;
  const body = bodyOf(content);
  if (sar === 'refused-with-udh' && hasSar && hasUdh(content)) return commandStatus.invalidTlvValue;
  const max = content.dataCoding === ucs2DataCoding ? maxPartOctets.ucs2 : maxPartOctets.gsm7;
  const isTooLong = body.length > max && concatenationOf(content) !== undefined;
  const fits = lengths === 'any' || submission.isPayload || fitsRadio(content);
  return isTooLong || !fits ? commandStatus.invalidMessageLength : undefined;
}

function timesOf(submission: Submission, { schedule, validity }: Submits, now: number): Decision {
  const { scheduleDeliveryTime, validityPeriod } = submission;
  const hasSchedule = scheduleDeliveryTime !== '' && schedule !== 'ignored';
  const hasValidity = validityPeriod !== '' && validity !== 'ignored';
  const scheduledAt = hasSchedule ? readTime(scheduleDeliveryTime, now) : now;
  const expiresAt = hasValidity ? readTime(validityPeriod, now) : (scheduledAt ?? now) + defaultValidityMs;
  if (scheduledAt === undefined || (hasSchedule && schedule === 'refused')) {
    return refused(commandStatus.invalidSchedule);
  }
  if (expiresAt === undefined || expiresAt <= now || (hasValidity && validity === 'refused')) {
    return refused(commandStatus.invalidValidity);
  }
  return { kind: 'accepted', scheduledAt: scheduledAt > now ? scheduledAt : undefined, expiresAt };
}

function fingerprint({ from, to, octets }: Content): string {
  return createHash('sha256').update(`${from}\0${to}\0`).update(octets).digest('base64');
}
