/** Largest configuration file, bytes: GitHub's contents API answers no larger ones in one piece. */
export const maxFileBytes = 1_048_576;
