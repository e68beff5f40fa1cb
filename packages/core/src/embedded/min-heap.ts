/** A priority queue: `pop` answers the smallest item. */
export interface MinHeap<T> {
  readonly size: () => number;
  push(item: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
}

/** An empty heap. `isBefore` must be a strict order, else equal items come out in no particular order. */
export function createMinHeap<T>(isBefore: (left: T, right: T) => boolean): MinHeap<T> {
  const items: T[] = [];

  function rise(item: T): void {
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = items[parentIndex];
      if (parent === undefined || !isBefore(item, parent)) break;
      items[index] = parent;
      index = parentIndex;
    }
    items[index] = item;
  }

  /** Puts `item` where the root was and lets it sink. */
  function sink(item: T): void {
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = items[childIndex];
      if (child === undefined) break;
      const right = items[childIndex + 1];
      if (right !== undefined && isBefore(right, child)) {
        childIndex += 1;
        child = right;
      }
      if (!isBefore(child, item)) break;
      items[index] = child;
      index = childIndex;
    }
    items[index] = item;
  }

  return {
    size: () => items.length,
    push: rise,
    peek: () => items[0],
    pop() {
      const first = items[0];
      const last = items.pop();
      if (last !== undefined && items.length > 0) sink(last);
      return first;
    },
  };
}
