const regionForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const globForm = /^(?:\*{1,2}|[^/\s]{1,127}\/[^/\s]{1,127})$/;

/** Whether a text can be the region of an environment. */
export const isRegionName = (text: string): boolean => regionForm.test(text);
/** Whether a text is a glob of repositories: `owner/name` with `*` and `?`, or `*` alone. */
export const isRepositoryGlob = (text: string): boolean => globForm.test(text);
