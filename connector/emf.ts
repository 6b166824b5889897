import { Metrics } from '@aws-lambda-powertools/metrics';
import { metrics as metricNames, metricNamespace } from '#contract/metrics.ts';
import type { TellMetrics } from './meters.ts';

/** Prints metrics as a line of CloudWatch's embedded metric format on stdout, where the log is: CloudWatch reads them there. */
export function metricsPrinter(carrier: string): TellMetrics {
  const metrics = new Metrics({ namespace: metricNamespace });
  // Without this the metrics would have a second dimension, `service`, and an alarm on the carrier none of them.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ carrier });
  return (told) => {
    for (const [metric, values] of told) {
      const { name, unit } = metricNames[metric];
      for (const value of values) metrics.addMetric(name, unit, value);
    }
    metrics.publishStoredMetrics();
  };
}
