import { application, development } from "../../tsup.base.ts";

export default [application, development];
