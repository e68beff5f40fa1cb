/** Longest label, UTF-16 code units. GitHub's own limit. */
export const maxLabelLength = 256;
/** Most labels of one job. GitHub's own limit for a runner. */
export const maxLabels = 100;
/** Most issues of one job that are reported: nobody reads more, and records have to hold them. */
export const maxIssues = 100;
/** vCPUs of the largest machine. */
export const maxCpu = 896;
/** Newest instance generation. */
export const maxGeneration = 12;
/** Smallest root volume, GiB. */
export const minDiskGib = 30;
/** Largest root volume, GiB. */
export const maxDiskGib = 16_384;
/** Most memory, GiB: what five digits and three decimals can say. */
export const maxRamGib = 99_999.999;
