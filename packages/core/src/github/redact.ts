const secrets: readonly RegExp[] = [
  // GitHub's tokens; since 2026 those of installations are some 500 characters long.
  /\bgh[a-z]_[A-Za-z0-9._-]{16,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{16,}/g,
  // JSON web tokens.
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
  // Long base64, such as a JIT configuration.
  /[A-Za-z0-9+/]{120,}={0,2}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** The text without tokens, keys and JIT configurations, at most `longest` characters of it. */
export function redact(text: string, longest = 300): string {
  // Cut first: what others send may be long, and patterns should not run over all of it.
  let clean = text.slice(0, 16_384);
  for (const secret of secrets) clean = clean.replace(secret, "[redacted]");
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}

/** An error that tells what `error` told, without its secrets: errors of the platform quote header values. */
export function redactError(error: unknown): Error {
  const original = error instanceof Error ? error : new Error(String(error));
  const inner = original.cause instanceof Error ? original.cause : undefined;
  const code = (inner ?? original) as { readonly code?: unknown };
  const told = typeof code.code === "string" ? ` (${code.code})` : "";
  const clean = new Error(redact(`${original.message}${told}`));
  clean.name = original.name;
  delete clean.stack;
  return clean;
}
