import { executable, library } from "../../tsup.base.ts";

export default [
  library({ cut: "entries" }),
  executable("process"),
  { ...executable("aws"), sourcemap: false },
];
