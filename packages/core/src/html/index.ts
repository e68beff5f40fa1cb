export {
  escapeHtml,
  type Html,
  type HtmlValue,
  html,
  renderHtml,
  trustedHtml,
} from "./markup.ts";
