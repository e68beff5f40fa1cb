import { library } from "../../tsup.base.ts";

export default library({
  cut: "exports",
  // The fake listener is started by its path, which the second file finds from its own place.
  programs: ["src/testing/listener/main.ts", "src/testing/listener/prepare.ts"],
});
