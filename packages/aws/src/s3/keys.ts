/** Longest key, bytes of UTF-8. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, read in November 2026. */
const longestKeyBytes = 1_024;

/** What would be read as another key by somebody on the way: a browser, a file system, XML. */
const refused = /[\p{Cc}\p{Surrogate}\uFFFE\uFFFF\\]/u;

/** Keys of a bucket that begin alike. */
export interface Keys {
  /** The key in the bucket. @throws A RangeError when it is no good key. */
  whole(key: string): string;
  /** The beginning of keys in the bucket; it may be empty, or end within a segment. @throws A RangeError when no key begins so. */
  beginning(prefix: string): string;
  /** The key of an object that was found. */
  own(whole: string): string;
}

/**
 * Keys behind a prefix. A key has segments between single slashes, none of them empty, `.` or `..`: a policy that allows a prefix
 * allows just that.
 *
 * @param prefix - Empty, or a key with a slash behind it.
 * @throws A RangeError when the prefix is neither.
 */
export function createKeys(prefix: string): Keys {
  if (prefix !== "") {
    if (!prefix.endsWith("/")) throw new RangeError("prefix must be empty or end with a slash");
    assertKey(prefix.slice(0, -1), "prefix", longestKeyBytes - 2);
  }
  return {
    whole(key) {
      assertKey(key, "A key", longestKeyBytes - Buffer.byteLength(prefix));
      return prefix + key;
    },
    beginning(own) {
      // Whatever a prefix ends in, a letter more makes it a key.
      if (own !== "") assertKey(`${own}x`, "A prefix", longestKeyBytes - Buffer.byteLength(prefix));
      return prefix + own;
    },
    own: (whole) => whole.slice(prefix.length),
  };
}

function assertKey(key: string, what: string, longest: number): void {
  const bytes = Buffer.byteLength(key);
  if (bytes === 0 || bytes > longest) {
    throw new RangeError(`${what} must have 1 to ${longest} bytes, has ${bytes}`);
  }
  if (refused.test(key)) {
    throw new RangeError(`${what} must be well-formed text without controls and backslashes`);
  }
  if (key.split("/").some((segment) => segment === "" || segment === "." || segment === "..")) {
    throw new RangeError(`${what} must have no segment that is empty, "." or ".."`);
  }
}
