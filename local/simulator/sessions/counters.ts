/** What happened since the SMSC was made. */
export class Counters {
  connections = 0;
  binds = 0;
  bindsRefused = 0;
  pdusIn = 0;
  pdusOut = 0;
  malformedOut = 0;
  faults = 0;
}
