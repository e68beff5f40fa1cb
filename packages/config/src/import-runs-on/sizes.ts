/** What our shapes can say. */
const maxCpu = 896;
const maxRamGib = 99_999.999;
const minDiskGib = 30;
const maxDiskGib = 16_384;

/** A number or the ends of a range, in our words, and whether it says something else than it did. */
export interface ReadRange {
  readonly value: number | string;
  readonly isChanged: boolean;
}

type Numbers = number | string | readonly (number | string)[];

/** The numbers of `4`, `"4+16"` or `[4, 16]`; `undefined` when one of them is none. */
function numbersOf(written: Numbers): readonly number[] | undefined {
  const parts = [written].flat().flatMap((one) => String(one).split("+"));
  const numbers = parts.map((part) => {
    const text = part.trim();
    return /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  });
  return numbers.length > 0 && numbers.every((number) => number > 0) ? numbers : undefined;
}

function rangeOf(numbers: readonly number[], fit: (number: number) => number): ReadRange {
  const fitted = numbers.map(fit);
  const [min, max] = [Math.min(...fitted), Math.max(...fitted)];
  return {
    value: min === max ? min : `${min}+${max}`,
    isChanged: fitted.some((number, index) => number !== numbers[index]),
  };
}

/** vCPUs: whole, of RunsOn's list the least and the most, as there. */
export function readCpu(written: Numbers): ReadRange | undefined {
  const numbers = numbersOf(written);
  return numbers && rangeOf(numbers, (number) => Math.min(maxCpu, Math.ceil(number)));
}

/** Memory, GiB, to a thousandth. */
export function readRam(written: Numbers): ReadRange | undefined {
  const numbers = numbersOf(written);
  return (
    numbers && rangeOf(numbers, (number) => Math.min(maxRamGib, Math.ceil(number * 1_000) / 1_000))
  );
}

/** A disk in our words. */
export interface ReadDisk {
  /** Such as `80 GiB`. */
  readonly value: string;
  /** Whether the size is not the one that was asked for. */
  readonly isChanged: boolean;
  /** What else was said: type, throughput, operations. */
  readonly others: readonly string[];
}

/** The size of `gp3:40gb:125mibps:3000iops`, in any order; `undefined` when there is none. */
export function readDisk(written: string | number): ReadDisk | undefined {
  const parts = String(written)
    .toLowerCase()
    .split(":")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  for (const part of parts) {
    const [, size, unit] = /^(\d{1,6})(gib|gb|g|tib|tb|t)$/.exec(part) ?? [];
    if (size === undefined || unit === undefined) continue;
    const asked = Number(size) * (unit.startsWith("t") ? 1_024 : 1);
    const gib = Math.min(maxDiskGib, Math.max(minDiskGib, asked));
    const others = parts.filter((other) => other !== part);
    return { value: `${gib} GiB`, isChanged: gib !== asked, others };
  }
  return undefined;
}
