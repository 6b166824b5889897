/** CloudWatch metric names, each with the one dimension `carrier`. */
export const metricNamespace = 'SmppGateway';

export const metrics = {
  /** 1 while this task holds its bind, else 0; sent every 30 s and at each change. */
  boundBinds: 'BoundBinds',

  /** 1 for each bind that the SMSC refused. */
  bindRefusals: 'BindRefusals',
} as const;

export type MetricName = keyof typeof metrics;
