import * as v from "valibot";
import { customProperties, someProperties } from "../demand/custom-properties.ts";
import type { CallOptions } from "../ports/call-options.ts";
import type { Clock } from "../ports/clock.ts";
import type { Visibility } from "../ports/demand-event.ts";
import type { Api } from "./api.ts";
import { readAs } from "./read-as.ts";
import { repositoryPlace } from "./scopes.ts";

/** What a job's event says of its repository. */
export interface RepositoryFacts {
  readonly repository: string;
  readonly repositoryId: string;
  readonly visibility: Visibility;
  readonly fork: boolean;
  readonly properties?: Readonly<Record<string, string>>;
}

/** Facts of repositories, asked for once in ten minutes. */
export interface Repositories {
  get(repository: string, options?: CallOptions): Promise<RepositoryFacts>;
}

const goodForMs = 600_000;
const mostKept = 2_000;

const repositorySchema = v.object({
  id: v.pipe(v.number(), v.safeInteger()),
  full_name: v.pipe(v.string(), v.maxLength(256)),
  private: v.boolean(),
  fork: v.boolean(),
  visibility: v.optional(v.string()),
  custom_properties: v.fallback(v.optional(customProperties), undefined),
});

/** Repositories by way of `api`. */
export function createRepositories(api: Api, clock: Clock): Repositories {
  const kept = new Map<string, { readonly facts: RepositoryFacts; readonly untilMs: number }>();

  return {
    get: async (repository, options) => {
      const place = repositoryPlace(repository);
      const key = repository.toLowerCase();
      const known = kept.get(key);
      if (known !== undefined && clock.monotonicMs() < known.untilMs) return known.facts;
      const purpose = `read repository ${repository}`;
      const response = await api.call({ method: "GET", ...place, purpose, cached: true }, options);
      const read = readAs(repositorySchema, response.data, purpose);
      const internal = read.private && read.visibility === "internal";
      const facts: RepositoryFacts = {
        repository: read.full_name,
        repositoryId: String(read.id),
        visibility: internal ? "internal" : read.private ? "private" : "public",
        fork: read.fork,
        ...someProperties(read.custom_properties),
      };
      kept.delete(key);
      kept.set(key, { facts, untilMs: clock.monotonicMs() + goodForMs });
      for (const oldest of kept.keys()) {
        if (kept.size <= mostKept) break;
        kept.delete(oldest);
      }
      return facts;
    },
  };
}
