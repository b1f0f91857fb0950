// The desk without reloading: filters, older records, and what comes. The page works without this file, too.
// HTML is only ever parsed by the browser's own loader (a document response), never put together from text here.
"use strict";

const PANELS = ["strip", "map-panel", "stories-panel", "line-panel"];
const LEAST_PAUSE_MS = 250; // between two updates while much comes
const PAUSE_PER_ANSWER = 4; // times as long as the server took: a busy one is asked less often
const $ = (id) => document.getElementById(id);

let paused = false;
let seen = Number($("page").dataset.change); // the last change that this page shows
let latest = seen; // the last change that the server told of
let shown = location.pathname + location.search; // the view that this page shows
let busy = false;
let asking = 0;

/** The page at an address, parsed; rejects for anything but 200. */
function page(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject(new Error(request.status)));
    request.onerror = () => reject(new Error("no answer"));
    request.send();
  });
}

/** The current view's address with some parameters set (or, where the value is null, taken out). */
function address(changes) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.pathname + url.search;
}

function renewPanels(from) {
  for (const id of PANELS) {
    const old = $(id), fresh = from.getElementById(id);
    // A panel that someone is in with the keyboard stays as it is until they leave.
    if (!old || !fresh || old.contains(document.activeElement) || old.outerHTML === fresh.outerHTML) continue;
    old.replaceWith(document.adoptNode(fresh));
  }
}

/** Show another view: everything but the frame is taken from its page. */
async function show(to, push) {
  const ask = ++asking;
  let from;
  try {
    from = await page(to);
  } catch {
    location.href = to; // the server says why
    return;
  }
  if (ask !== asking) return; // a later choice has overtaken this one
  if (push) history.pushState(null, "", to);
  shown = to;
  document.title = from.title;
  const found = from.querySelector(".matched").textContent.trim(); // before its panel moves over
  seen = Number(from.getElementById("page").dataset.change);
  const inForm = $("filters").contains(document.activeElement);
  if (!inForm) $("filters").replaceWith(document.adoptNode(from.getElementById("filters")));
  if (document.activeElement && document.activeElement.closest("#strip")) $("page").focus({ preventScroll: true });
  renewPanels(from);
  swap("cards", from);
  swap("older", from);
  $("empty")?.remove();
  const empty = from.getElementById("empty");
  if (empty) $("cards").after(document.adoptNode(empty));
  say(`${found} shown`);
}

function swap(id, from) {
  $(id).replaceWith(document.adoptNode(from.getElementById(id)));
}

/** Put in what changed since this page was made, take out what is gone. */
async function renew() {
  if (busy || paused || latest <= seen) return;
  busy = true;
  const ask = asking, began = performance.now();
  try {
    const from = await page(address({ since: seen, before: null }));
    if (ask !== asking || paused) return;
    const main = from.getElementById("page");
    for (const id of main.dataset.gone.split(" ").filter(Boolean)) $(`article-${id}`)?.remove();
    const came = [...from.querySelectorAll("#cards > .card")].filter(place).length;
    if (came) $("empty")?.remove();
    renewPanels(from);
    seen = Number(main.dataset.change);
    if (came) say(`${came} new or changed, ${new Date().toISOString().slice(11, 19)} UTC`);
  } catch {
    // The stream's own reconnection tells of the server's return; what is missed then comes with the next change.
  } finally {
    const pause = Math.max(LEAST_PAUSE_MS, PAUSE_PER_ANSWER * (performance.now() - began));
    setTimeout(() => { busy = false; renew(); }, pause);
  }
}

/** Put a card where its key belongs; false where it lies behind the records that are loaded. */
function place(card) {
  const cards = $("cards"), old = $(card.id);
  if (old && old.contains(document.activeElement)) return false;
  const next = [...cards.children].find((other) => other !== old && other.dataset.key < card.dataset.key);
  if (!next && $("older").firstElementChild && !old) return false;
  card = document.adoptNode(card);
  if (!old) card.classList.add("fresh");
  old?.remove();
  cards.insertBefore(card, next ?? null);
  return true;
}

function say(words) {
  $("live-words").textContent = paused ? "paused" : words;
}

function listen() {
  $("live").hidden = false;
  const stream = new EventSource("/live");
  stream.onmessage = (event) => {
    latest = Number(event.data);
    $("live").classList.remove("lost");
    renew();
  };
  stream.onopen = () => say("live");
  stream.onerror = () => {
    $("live").classList.add("lost");
    say("connection lost, trying again");
  };
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "filters") return;
  event.preventDefault();
  const given = [...new FormData(event.target)].filter(([name, value]) => value && !(name === "order" && value === "found"));
  const query = new URLSearchParams(given).toString();
  show(query ? `/?${query}` : "/", true);
});
document.addEventListener("change", (event) => {
  if (event.target.form?.id === "filters") event.target.form.requestSubmit();
});
document.addEventListener("click", async (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("a[data-swap]"), land = event.target.closest(".map [data-country]");
  const next = event.target.closest("a[rel=next]");
  if (link) {
    event.preventDefault();
    show(link.getAttribute("href"), true);
  } else if (land) {
    show(address({ country: land.dataset.country, before: null, since: null }), true);
  } else if (next) {
    event.preventDefault();
    const from = await page(next.getAttribute("href"));
    const cards = [...from.querySelectorAll("#cards > .card")];
    const first = cards[0]?.id;
    for (const card of cards) if (!$(card.id)) $("cards").append(document.adoptNode(card));
    swap("older", from);
    $(first)?.querySelector("a")?.focus({ preventScroll: true });
  } else if (event.target.id === "pause") {
    paused = !paused;
    event.target.textContent = paused ? "Go on" : "Pause";
    $("live").classList.toggle("paused", paused);
    say("live");
    renew();
  }
});
addEventListener("popstate", () => {
  const to = location.pathname + location.search;
  if (to !== shown) show(to, false); // a link within the page changes only what stands behind the #
});

document.documentElement.classList.add("enhanced");
listen();
