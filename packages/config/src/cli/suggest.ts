/** Longer words are no misspelling of anything that is written here; what was left of them would be compared for nothing. */
const longest = 100;

/** Known words, in an order in which neighbours begin alike. */
interface Lexicon {
  /** In lower case, with their places in the list they come from. */
  readonly words: readonly { readonly text: string; readonly index: number }[];
  /** How many letters each has in common with the one before it, from the beginning. */
  readonly shared: Int32Array;
}

/** Only a cache: the words of a list are put in order once. */
const lexicons = new WeakMap<readonly string[], Lexicon>();

function lexiconOf(known: readonly string[]): Lexicon {
  const made = lexicons.get(known);
  if (made !== undefined) return made;
  const words = known
    .map((word, index) => ({ text: word.toLowerCase(), index }))
    .sort((left, right) => (left.text < right.text ? -1 : left.text > right.text ? 1 : 0));
  const shared = new Int32Array(words.length);
  for (let at = 1; at < words.length; at++) {
    const [before, text] = [words[at - 1]?.text ?? "", words[at]?.text ?? ""];
    let length = 0;
    while (length < text.length && text[length] === before[length]) length++;
    shared[at] = length;
  }
  const lexicon = { words, shared };
  lexicons.set(known, lexicon);
  return lexicon;
}

/**
 * The known word that a mistyped one was probably meant to be: at most a third of its letters differ. Of equally near ones the first.
 *
 * What is known of the letters that a known word shares with the one before it in the alphabet is used again, and words that begin
 * in a way that is too different already are passed over: thousands of names like `shape-1`, `shape-2` take hardly more than a few.
 *
 * @param known - Not to be changed any more.
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const wanted = word.toLowerCase().slice(0, longest);
  const most = Math.max(1, Math.floor(wanted.length / 3));
  const { words, shared } = lexiconOf(known);
  const table = createTable(wanted, most);
  let best: { readonly index: number; readonly steps: number } | undefined;
  let valid = 0;
  /** So many first letters of the latest word are enough to tell that it is none; none of those after it that share them is either. */
  let hopeless = Number.POSITIVE_INFINITY;
  for (const [at, { text, index }] of words.entries()) {
    const same = shared[at] ?? 0;
    valid = Math.min(valid, same);
    if (same >= hopeless) continue;
    hopeless = Number.POSITIVE_INFINITY;
    const limit = best?.steps ?? most;
    if (Math.abs(text.length - wanted.length) > limit) continue;
    while (valid < text.length) {
      valid += 1;
      if (table.put(text, valid) > limit) {
        hopeless = valid;
        break;
      }
    }
    if (hopeless < Number.POSITIVE_INFINITY) continue;
    const steps = table.distanceOf(text.length);
    const isBetter =
      best === undefined || steps < best.steps || (steps === best.steps && index < best.index);
    if (steps <= limit && isBetter) best = { index, steps };
  }
  return best === undefined ? undefined : known[best.index];
}

interface Table {
  /**
   * Takes the letter of a text that ends at `length`, after those before it.
   *
   * @returns The fewest steps that any text needs which goes on from here.
   */
  put(text: string, length: number): number;
  /** Steps to a text of so many letters, the last of which was put. More than `most`: not to be trusted. */
  distanceOf(length: number): number;
}

/**
 * Counts the letters to insert, delete, replace or swap with their neighbour, for all beginnings of a word and of a text. Only those
 * are looked at whose lengths differ by at most `most`.
 */
function createTable(word: string, most: number): Table {
  const width = word.length + 1;
  const steps = new Int32Array(width * (width + most));
  const fewest = new Int32Array(width + most);
  for (let column = 0; column < width; column++) steps[column] = column;
  const at = (row: number, column: number): number => steps[row * width + column] ?? 0;
  return {
    put: (text, row) => {
      const from = Math.max(0, row - most);
      const to = Math.min(word.length, row + most);
      const far = most + 1;
      if (from > 0) steps[row * width + from - 1] = far;
      if (to < word.length) steps[row * width + to + 1] = far;
      const letter = text.charCodeAt(row - 1);
      let least = far;
      for (let column = from; column <= to; column++) {
        let best = at(row - 1, column) + 1;
        if (column > 0) {
          const isSame = letter === word.charCodeAt(column - 1);
          best = Math.min(
            best,
            at(row, column - 1) + 1,
            at(row - 1, column - 1) + (isSame ? 0 : 1),
          );
          const isSwap =
            row > 1 &&
            column > 1 &&
            letter === word.charCodeAt(column - 2) &&
            text.charCodeAt(row - 2) === word.charCodeAt(column - 1);
          if (isSwap) best = Math.min(best, at(row - 2, column - 2) + 1);
        }
        steps[row * width + column] = best;
        least = Math.min(least, best);
      }
      fewest[row] = least;
      // A swap looks back over two letters.
      return Math.min(least, (fewest[row - 1] ?? 0) + 1);
    },
    distanceOf: (row) => at(row, word.length),
  };
}
