import { application } from "../../tsup.base.ts";

export default application;
