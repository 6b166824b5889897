import { Metrics } from '@aws-lambda-powertools/metrics';
import { type FunctionMetricName, functionMetrics, metricNamespace } from '#contract/metrics.ts';

/** Counts of one function, by carrier. */
export interface FunctionMetrics {
  count(metric: FunctionMetricName, carrier: string): void;
  /** Tells what was counted since, in CloudWatch's embedded metric format on stdout. To be called before a run ends: afterwards the process may be frozen. */
  flush(): void;
}

export function openMetrics(): FunctionMetrics {
  const counts = new Map<string, Map<FunctionMetricName, number>>();
  return {
    count(metric, carrier) {
      const ofCarrier = counts.get(carrier) ?? new Map<FunctionMetricName, number>();
      counts.set(carrier, ofCarrier.set(metric, (ofCarrier.get(metric) ?? 0) + 1));
    },
    flush() {
      for (const [carrier, ofCarrier] of counts) {
        const metrics = new Metrics({ namespace: metricNamespace });
        // Without this the metrics would have a second dimension, `service`.
        metrics.clearDefaultDimensions();
        metrics.setDefaultDimensions({ carrier });
        for (const [metric, count] of ofCarrier) {
          metrics.addMetric(functionMetrics[metric].name, functionMetrics[metric].unit, count);
        }
        metrics.publishStoredMetrics();
      }
      counts.clear();
    },
  };
}
