/** What reading a body gave. */
export type BodyReading =
  | { readonly kind: "complete"; readonly bytes: Uint8Array }
  | { readonly kind: "too-large" }
  | { readonly kind: "broken" };

const nothing = new Uint8Array(0);

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** Reads a body, holding no more than `maxBytes` and one chunk; a larger one is left unread. Never rejects. */
export async function readBody(request: Request, maxBytes: number): Promise<BodyReading> {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > maxBytes) return { kind: "too-large" };
  const { body } = request;
  if (body === null) return { kind: "complete", bytes: nothing };
  try {
    const reader = body.getReader();
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { kind: "complete", bytes: joined(chunks, length) };
      length += value.byteLength;
      if (length > maxBytes) {
        // The sender may ignore the cancellation; nobody waits for it.
        reader.cancel().catch(() => undefined);
        return { kind: "too-large" };
      }
      chunks.push(value);
    }
  } catch {
    // The connection broke, or someone read the body before us.
    return { kind: "broken" };
  }
}
