import type { ImageSource } from "@runs-fleet/core";
import type { FileForm } from "../form/file-form.ts";
import { given } from "./given.ts";

type ImageForm = NonNullable<FileForm["images"]>[string];

/** Which images the file says, by name. One of which it says neither `ami` nor `name` is the host's to know. */
export function imageSourcesOf(
  images: Readonly<Record<string, ImageForm>>,
): Readonly<Record<string, ImageSource>> {
  const sources: [string, ImageSource][] = [];
  for (const [key, { ami, owner = "self", name, maxAge }] of Object.entries(images)) {
    if (ami !== undefined) sources.push([key, given({ id: ami, maxAgeMs: maxAge })]);
    else if (name !== undefined) sources.push([key, given({ owner, name, maxAgeMs: maxAge })]);
  }
  return Object.fromEntries(sources);
}
