/** A number of pixels without a tail of rounding errors. */
export const px = (value: number): string => String(Math.round(value * 100) / 100);
