import type { RoutedJob } from "@runs-fleet/core";
import { type Paint, printable } from "../cli/problem.ts";
import { instantText } from "../jobs-export/instants.ts";
import type { FleetConfig } from "../parse-config.ts";
import { columns } from "../report/text/columns.ts";
import { narrowingWords } from "../repository/narrowing-words.ts";
import { otherRunnerWords } from "./other-runner.ts";
import { shapeWords } from "./shape-words.ts";
import type { Understood } from "./understand.ts";
import type { Which, WhichByPolicy } from "./which-machine.ts";

/** What a text says besides the answer itself. */
interface Told {
  readonly labels: readonly string[];
  readonly config: FleetConfig;
  readonly paint: Paint;
}

/** The answer for one repository, as a text. */
export function formatWhich(which: Which, job: RoutedJob, told: Told): string {
  const { repository, visibility, fork, narrowing } = job;
  const answer = block(which, `for ${repository} (${visibility}${fork ? ", a fork" : ""})`, told);
  if (which.kind !== "served" || narrowing === undefined) return answer;
  const words = narrowingWords(narrowing).join("; ") || "nothing";
  return `${answer}${printable(repository)} allows itself: ${printable(words)}\n`;
}

/** The answers policy by policy, as a text. Labels that are not ours, or say nothing, get one answer. */
export function formatWhichByPolicy(answers: readonly WhichByPolicy[], told: Told): string {
  const [first] = answers;
  if (first === undefined) return `${heading(told)}: refused: the configuration has no policies\n`;
  const { which } = first;
  if (which.kind === "not-ours" || (which.kind === "refused" && which.understood === undefined)) {
    return block(which, "", told);
  }
  const blocks = answers.map(({ policy, repositories, visibility, which: answer }) => {
    const shown = repositories.length > 3 ? [...repositories.slice(0, 3), "..."] : repositories;
    return block(
      answer,
      `for a ${visibility} repository of policy ${policy} (${shown.join(", ")})`,
      told,
    );
  });
  return blocks.join("\n");
}

function heading({ labels, paint }: Told): string {
  return paint("bold", printable(labels.join(", ")));
}

function block(which: Which, forWhom: string, told: Told): string {
  const { paint, config } = told;
  const end = forWhom === "" ? "" : ` ${printable(forWhom)}`;
  if (which.kind === "not-ours") {
    const hint = which.hint === undefined ? "" : `  ${printable(which.hint)}\n`;
    return `${heading(told)}: ${paint("yellow", "not ours")}; ${otherRunnerWords[which.runner]} takes it\n${hint}`;
  }
  if (which.kind === "refused") {
    const lines = which.refusals.map(({ code, message, suggestion }) => {
      const meant = suggestion === undefined ? "" : `; write ${suggestion}`;
      const isSaid = suggestion === undefined || message.includes(suggestion);
      return `  ${paint("red", code)}: ${printable(message)}${isSaid ? "" : printable(meant)}\n`;
    });
    const rows =
      which.understood === undefined ? [] : understoodRows(which.understood, told.labels);
    return `${heading(told)}: ${paint("red", "refused")}${end}\n${lines.join("")}${table(rows)}`;
  }
  const { placement, understood, numbers, isObserved, poolRepositories } = which;
  const { environment, regions, pool, shape, runnerGroup, policy } = placement;
  const rows: (readonly [string, string])[] = [
    ...understoodRows(understood, told.labels),
    ["environment", `${environment}, in ${regions.join(", then ")}`],
    ["pool", pool === undefined ? "none: a machine is bought for the job" : pool],
  ];
  if (numbers !== undefined) {
    const { hot, stopped, entry, untilMs, machines } = numbers;
    const by = entry === undefined ? "its default" : `entry ${entry}`;
    const until = untilMs === undefined ? "" : `, until ${instantText(untilMs)}`;
    rows.push([
      "wants now",
      `${hot} hot, ${stopped} stopped (${by}${until}); at most ${machines} machines`,
    ]);
  }
  if (poolRepositories !== undefined) rows.push(["only for", poolRepositories.join(", ")]);
  rows.push(
    ["machine", shapeWords(shape)],
    ["runner group", runnerGroup ?? "Default"],
    ["allowed by", `policy ${policy}`],
  );
  if (isObserved) {
    const claimed = config.catalog.rollout?.claim.join(", ") || "nothing";
    rows.push([
      "rollout",
      `observed only: routed and recorded, nothing is launched; claimed is ${claimed}`,
    ]);
  }
  return `${heading(told)}: ${paint("green", "served")}${end}\n${table(rows)}`;
}

function understoodRows(
  understood: Understood,
  labels: readonly string[],
): (readonly [string, string])[] {
  const { by, alias = "", label, ignored } = understood;
  if (by === "label") return labels.length === 1 && labels[0] === label ? [] : [["label", label]];
  const how = by === "alias" ? `by the alias ${alias}` : `read as a label of RunsOn`;
  const rows: (readonly [string, string])[] = [["label", `${label}, ${how}`]];
  if (ignored.length > 0)
    rows.push(["ignored", `${ignored.join(", ")}: nothing here answers to that`]);
  return rows;
}

function table(rows: readonly (readonly [string, string])[]): string {
  return columns(rows, { left: [0, 1] })
    .map((line) => `${line}\n`)
    .join("");
}
