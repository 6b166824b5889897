/** What is pushed, one at a time, to whoever awaits it. */
export function queueOf<Item>() {
  const items: Item[] = [];
  const waiting: ((item: Item) => void)[] = [];
  return {
    push(item: Item): void {
      const taker = waiting.shift();
      if (taker === undefined) items.push(item);
      else taker(item);
    },
    shift(): Promise<Item> {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(item);
    },
  };
}
