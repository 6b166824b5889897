export type TaskCpu = 256 | 512 | 1_024 | 2_048 | 4_096;

/**
 * Memory in MiB that Fargate has for a task with so many CPU units:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
 */
export const taskSizes: Readonly<Record<TaskCpu, readonly number[]>> = {
  256: [512, 1_024, 2_048],
  512: inGiB(1, 4),
  1024: inGiB(2, 8),
  2048: inGiB(4, 16),
  4096: inGiB(8, 30),
};

export const taskCpus = Object.keys(taskSizes).map(Number) as [TaskCpu, ...TaskCpu[]];

/** Every whole number of GiB from `least` to `most`. */
function inGiB(least: number, most: number): readonly number[] {
  return Array.from({ length: most - least + 1 }, (_, index) => (least + index) * 1_024);
}
