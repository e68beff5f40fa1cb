import type { TemplateValue } from "./template-value.ts";

/** A resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: TemplateValue;
}

/** Resources by their names within the template. */
export type TemplateResources = Readonly<Record<string, TemplateResource>>;
