import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { systemEntropy } from "@runs-fleet/core";
import type { CliHost, ExitCode } from "@runs-fleet/core/node";
import { createCallRecorder } from "../../doctor/call-recorder.ts";
import { createDoctorClients } from "../../doctor/clients.ts";
import type { DoctorContext } from "../../doctor/context.ts";
import { doctorRows } from "../../doctor/doctor-rows.ts";
import { exitCodeOf } from "../../doctor/fold.ts";
import { utcText } from "../../doctor/http-date.ts";
import { createProbe } from "../../doctor/live/probe.ts";
import { maskData } from "../../doctor/mask.ts";
import { type DoctorOptions, fillDoctorOptions } from "../../doctor/options.ts";
import { renderMarkdown } from "../../doctor/render-markdown.ts";
import { createRowPrinter, renderSummary } from "../../doctor/render-text.ts";
import { type DoctorReport, reportOf } from "../../doctor/report.ts";
import { runDoctor } from "../../doctor/run-doctor.ts";
import { createEc2TypeSource, type Ec2TypeSource } from "../../ec2/types/type-source.ts";
import type { StackClientsConfig } from "../../stack/apply/index.ts";
import { placeOf, stackNames } from "../../stack/index.ts";
import { templatePlace } from "../../stack/place.ts";
import type { DoctorRequest } from "./request.ts";

/**
 * Asks all rows, and says what they come to. Rejects for wrong options, and when there is no region.
 *
 * @param means - Options of all clients, where they are not what the SDK finds; what the region sells, where that is known.
 */
export async function runDoctorVerb(
  request: DoctorRequest,
  host: CliHost,
  means: { readonly config?: StackClientsConfig; readonly types?: Ec2TypeSource } = {},
): Promise<ExitCode> {
  const options = fillDoctorOptions(optionsOf(request));
  const { environment, fifo, live } = options;
  // Says at once when the name cannot be an environment's.
  stackNames(environment, templatePlace, fifo);
  const { clock, signal } = host;
  const recorder = createCallRecorder(clock);
  const { region: asked } = request;
  await using clients = createDoctorClients(recorder, {
    ...means.config,
    ...(asked === undefined ? {} : { region: asked }),
  });
  const region = await clients.sts.config.region();
  // So does a region that none can be.
  placeOf(region, "000000000000");
  const context: DoctorContext = {
    options,
    region,
    clients,
    recorder,
    clock,
    entropy: systemEntropy,
    signal,
    types: means.types ?? createEc2TypeSource({ client: clients.ec2, clock }),
    facts: {},
    probe: createProbe(),
  };
  const at = utcText(clock.now());
  const progress = request.json === true ? host.err : host.out;
  progress.write(`Environment ${environment} in ${region}\n\n`);
  const printer = createRowPrinter((text) => progress.write(text));
  const run = await runDoctor(context, doctorRows, printer.add);
  printer.end();
  const about = { version: host.version, at, environment, region, live };
  const report = reportOf(run, about);
  progress.write(renderSummary(report));
  const { accountId, arn } = context.facts.identity ?? {};
  const secrets = {
    ...(accountId === undefined ? {} : { accountId }),
    ...(arn === undefined ? {} : { arn }),
  };
  const shown = request.unmasked === true ? report : maskData(report, secrets);
  if (request.json === true) host.out.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  if (request.report !== undefined) await writeReport(host, request.report, shown);
  return exitCodeOf(run.findings, run.brokenBy);
}

async function writeReport(host: CliHost, file: string, report: DoctorReport): Promise<void> {
  const text = file.endsWith(".json")
    ? `${JSON.stringify(report, undefined, 2)}\n`
    : renderMarkdown(report);
  await writeFile(resolve(host.cwd, file), text);
  host.err.write(`The report is in ${file}\n`);
}

function optionsOf(request: DoctorRequest): DoctorOptions {
  const { environment, region, subnet, machines, shape, fifo, tag, live } = request;
  return {
    environment,
    ...(region === undefined ? {} : { region }),
    ...(subnet === undefined ? {} : { subnetIds: subnet }),
    ...(machines === undefined ? {} : { machines }),
    ...(shape === undefined ? {} : { shapes: shape }),
    ...(fifo === undefined ? {} : { fifo }),
    ...(tag === undefined ? {} : { tags: tag }),
    ...(live === undefined ? {} : { live }),
  };
}
