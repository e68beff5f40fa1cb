export { createHttpHandler, type HttpHandlerOptions } from "./create-http-handler.ts";
