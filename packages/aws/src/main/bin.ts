#!/usr/bin/env node
import process from "node:process";
import { openCliHost } from "@runs-fleet/core/node";
import { runCli } from "./run-cli.ts";

const host = openCliHost(new URL("../../package.json", import.meta.url));
process.exitCode = await runCli(process.argv.slice(2), host);
