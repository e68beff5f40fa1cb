import { library } from "../../tsup.base.ts";

export default library({ cut: "entries", programs: ["src/main/bin.ts"] });
