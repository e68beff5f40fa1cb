import type { Bounds, RunnerRequest } from "@runs-fleet/core";

/** A lower end alone is open above; for vCPUs, where nothing is, one number stands for both ends. */
function range({ min, max }: Bounds): string {
  return max === undefined ? `${min}` : `${min}+${max}`;
}

/**
 * The one label of ours that asks for the same: `runs-fleet/cpu=4+16/arch=arm64`.
 *
 * It names what the job's own labels name, in their order; with the run id where they have one.
 */
export function canonicalLabel(request: RunnerRequest): string {
  const { cpu, ramGib, families, arch, os, image, runner, pool, diskGib, spot } = request;
  const values: Readonly<Record<string, string | number | boolean | undefined>> = {
    cpu: cpu.min === cpu.max ? `${cpu.min}` : range(cpu),
    ram: ramGib && range(ramGib),
    family: families.join("+"),
    gen: request.generation,
    arch,
    os,
    runner,
    image,
    pool,
    disk: diskGib,
    spot,
    region: request.regions.join("+"),
    env: request.environment,
  };
  const settings = request.explicit.map((key) => `${key}=${values[key] ?? ""}`);
  const id = request.runId === undefined ? "" : `=${request.runId}`;
  return [`runs-fleet${id}`, ...settings].join("/");
}
