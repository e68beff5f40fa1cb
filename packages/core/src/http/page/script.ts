import { html } from "../../html/markup.ts";

/**
 * Keeps the page fresh: every 2 s it fetches the same page as a fragment and swaps it in. What the reader holds (scroll
 * positions, focus, opened parts, a selection) stays. Plain text without values, so it can be neither escaped nor tricked.
 */
export const refreshScript = html`
(function () {
  "use strict";
  var content = document.getElementById("content");
  var note = document.getElementById("connection");
  var live = document.getElementById("live");
  var shown = "";
  var lastGood = new Date();
  var timer = 0;
  var busy = false;

  function selecting() {
    var selection = document.getSelection();
    return selection !== null && !selection.isCollapsed && content.contains(selection.anchorNode);
  }

  function swap(text) {
    var closed = new Map();
    content.querySelectorAll("details[id]").forEach(function (part) { closed.set(part.id, part.open); });
    var slid = Array.from(content.querySelectorAll(".scroll"), function (part) { return part.scrollLeft; });
    var active = document.activeElement;
    var link = active && content.contains(active) ? active.getAttribute("href") : null;
    var place = active && content.contains(active) ? Array.from(content.querySelectorAll(active.localName)).indexOf(active) : -1;
    var name = place < 0 ? "" : active.localName;
    content.innerHTML = text;
    closed.forEach(function (open, id) { var part = document.getElementById(id); if (part) part.open = open; });
    content.querySelectorAll(".scroll").forEach(function (part, index) { part.scrollLeft = slid[index] || 0; });
    if (place >= 0) {
      var all = Array.from(content.querySelectorAll(name));
      var same = all.find(function (part) { return link !== null && part.getAttribute("href") === link; }) || all[place];
      if (same) same.focus({ preventScroll: true });
    }
    var root = content.firstElementChild;
    if (root && root.dataset.title) document.title = root.dataset.title;
  }

  function say(text) {
    if (note.textContent !== text) note.textContent = text;
    note.hidden = text === "";
    live.textContent = text === "" ? "Live" : "Not connected";
    document.body.classList.toggle("lost", text !== "");
  }

  async function refresh() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    try {
      var answer = await fetch(location.pathname + "?fragment", { cache: "no-store", signal: AbortSignal.timeout(8000) });
      var text = await answer.text();
      if (answer.status !== 200 && answer.status !== 404) throw new Error("status " + answer.status);
      if (text !== shown && !selecting()) { swap(text); shown = text; }
      lastGood = new Date();
      say("");
    } catch {
      say("Connection lost. This is how it looked at " + lastGood.toLocaleTimeString() + "; trying again.");
    }
    busy = false;
    timer = setTimeout(refresh, document.hidden ? 15000 : 2000);
  }

  document.addEventListener("visibilitychange", function () { if (!document.hidden) refresh(); });
  timer = setTimeout(refresh, 2000);
})();
`;
