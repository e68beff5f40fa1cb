import { describe, expect, it } from "vitest";
import { parseTemplates } from "./launch-templates.ts";

describe("parseTemplates", () => {
  it.each([
    ["lt-0123456789abcdef0", { LaunchTemplateId: "lt-0123456789abcdef0", Version: "$Default" }],
    ["lt-0a:12", { LaunchTemplateId: "lt-0a", Version: "12" }],
    ["lt-0a:$Latest", { LaunchTemplateId: "lt-0a", Version: "$Latest" }],
    ["runs-fleet/linux", { LaunchTemplateName: "runs-fleet/linux", Version: "$Default" }],
    ["runs-fleet:3", { LaunchTemplateName: "runs-fleet", Version: "3" }],
  ])("reads %s", (text, reference) => {
    expect(parseTemplates({ "linux-x64": text }).get("linux-x64")).toEqual(reference);
  });

  it.each([
    [{}, /at least one/u],
    [{ "macos-arm64": "lt-0a" }, /macos-arm64/u],
    [{ "windows-arm64": "lt-0a" }, /windows-arm64/u],
    [{ "linux-x64-": "lt-0a" }, /linux-x64-/u],
    [{ "linux-x64": "" }, /linux-x64 must be/u],
    [{ "linux-x64": "lt-0a:latest" }, /linux-x64 must be/u],
    [{ "linux-x64": "a b" }, /linux-x64 must be/u],
  ])("refuses %j", (templates, message) => {
    expect(() => parseTemplates(templates as Record<string, string>)).toThrow(message);
  });
});
