// What is typed into dossiers waits here until it is sent: one queue an account, shared by its tabs, kept
// through reloads, sent in order when the network is there. Pages work without this file.
(() => {
  const { account, leave } = document.currentScript.dataset;
  try { localStorage.getItem(""); } catch { return; } // nothing can be kept here: forms are sent as forms
  const QUEUE = `indh:q:${account}:`, KEPT = `indh:k:${account}:`, PAGES = "indh-pages-";
  const keys = (start) => Object.keys(localStorage).filter((key) => key.startsWith(start)).sort();
  const all = () => keys(QUEUE).map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }));
  const write = ({ key, ...entry }) => localStorage.setItem(key, JSON.stringify(entry));
  const drop = (entry) => localStorage.removeItem(entry.key);
  const pause = (time) => new Promise((go) => { setTimeout(go, time); });
  const same = (one, other) => one.app === other.app && one.section === other.section && one.field === other.field;
  const tell = (state, at) => document.dispatchEvent(new CustomEvent("indh:queue", { detail: { state, at } }));
  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return [...bytes].map((byte, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
  };

  // -- in: an entry a change, under keys that sort in the order of the changes; false when there is no room
  let left = false; // signed out: what the page still holds is not taken back in
  const push = (change) => {
    if (left) return true;
    const last = Number((keys(QUEUE).pop() || "").slice(QUEUE.length, QUEUE.length + 15)) || 0;
    const id = uuid(), order = String(Math.max(Date.now(), last + 1)).padStart(15, "0");
    try { write({ key: `${QUEUE}${order}:${id}`, id, ...change }); } catch { return false; }
    return true;
  };

  // -- out: fifty at a time, of one dossier; changes of a field that never left are one change
  const batch = () => {
    const ready = all().filter((entry) => !entry.state), out = [], merged = [];
    for (const entry of ready.filter((one) => one.app === ready[0].app)) {
      const before = out.filter((one) => same(one, entry)).pop();
      if (before && !before.tried && !entry.tried) {
        Object.assign(before, { id: entry.id, value: entry.value });
        merged.push(entry);
      } else if (out.length < 50) out.push(entry);
      else break;
    }
    out.forEach((entry) => write({ ...entry, tried: true }));
    merged.forEach(drop);
    return out;
  };
  const settle = (entry, result, at) => {
    const later = all().filter((one) => one.key > entry.key && same(one, entry));
    if (result.status === "kept" || result.status === "already") {
      drop(entry);
      localStorage.setItem(`${KEPT}${entry.app}:${entry.section}:${entry.field}`, JSON.stringify({ value: entry.value, at }));
    } else if (result.status === "refused" && later.length) { // typed again meanwhile
      write({ ...later[0], was: entry.was });
      drop(entry);
    } else {
      const value = later.length ? later[later.length - 1].value : entry.value;
      later.forEach(drop);
      write({ ...entry, value, state: result.status, theirs: result.theirs, error: result.errors?.[0]?.message || "" });
    }
  };
  const send = async () => {
    for (let out = batch(); out.length; out = batch()) {
      tell("sending");
      let answer, said;
      try {
        answer = await fetch(`/api/v1/applications/${out[0].app}/fields`, {
          method: "PATCH", headers: { "content-type": "application/json" }, signal: AbortSignal.timeout?.(20000),
          body: JSON.stringify({ account, changes: out.map(({ id, section, field, was, value }) => ({ id, section, field, was, value })) }),
        });
        said = await answer.json();
      } catch { return "offline"; }
      if ([401, 403, 404].includes(answer.status)) return "signin";
      if (answer.status >= 500 || answer.status === 429) return "offline";
      const refused = { status: "refused", errors: [{ message: said.detail || said.title }] };
      const at = Date.parse(said.saved_at);
      for (const entry of out) settle(entry, said.results?.find((one) => one.id === entry.id) || refused, at);
      tell("saved", at);
    }
    return "saved";
  };

  // -- one tab sends at a time
  const leased = async (work) => {
    const key = `indh:l:${account}`, mine = uuid(), held = () => JSON.parse(localStorage.getItem(key) || "{}");
    while (held().until > Date.now()) await pause(500);
    localStorage.setItem(key, JSON.stringify({ mine, until: Date.now() + 30000 }));
    await pause(50 + Math.random() * 50);
    if (held().mine !== mine) return leased(work);
    try { return await work(); } finally { localStorage.removeItem(key); }
  };
  const locked = (work) => (navigator.locks ? navigator.locks.request(`indh:${account}`, work) : leased(work));
  let tail = Promise.resolve(), wait = 2000, timer = 0;
  const once = async () => {
    const state = all().some((entry) => !entry.state) ? await locked(send) : "saved";
    clearTimeout(timer);
    if (state === "offline") {
      timer = setTimeout(flush, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, 60000);
    } else wait = 2000;
    tell(state);
    return state;
  };
  const flush = () => (tail = tail.then(once, once));
  addEventListener("online", flush);
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("[data-deposit]")) location.reload(); // it may be deposited
    else if (event.persisted) flush();
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && all().length) flush(); });
  addEventListener("storage", (event) => { if (event.key?.startsWith(QUEUE) || event.key?.startsWith(KEPT)) tell("elsewhere"); });
  window.indh = { account, all, push, write, drop, flush, keys, same, KEPT };

  // -- pages that say whether something waits; leaving takes everything away, never unasked
  const waiting = () => document.querySelectorAll("[data-unsent]").forEach((note) => {
    note.hidden = !all().some((entry) => entry.app === note.dataset.unsent);
    const held = document.querySelector(`[data-deposit="${note.dataset.unsent}"] button`);
    if (held) { // what waits here would not be deposited: the other button says so, and asks
      held.disabled = !note.hidden;
      if (held.disabled) held.setAttribute("aria-describedby", "unsent-why");
      else held.removeAttribute("aria-describedby");
      document.querySelector("[data-without]").hidden = note.hidden;
    }
  });
  document.addEventListener("indh:queue", waiting);
  waiting();
  const forget = (others) => window.caches?.keys().then((names) => names.forEach((name) => {
    if (name.startsWith(PAGES) && !(others && name === PAGES + account)) caches.delete(name);
  }));
  document.addEventListener("submit", (event) => {
    if (!event.target.getAttribute("action")?.endsWith("/sign-out")) return;
    if (all().length && !confirm(leave)) { event.preventDefault(); return; }
    left = true;
    [...keys(QUEUE), ...keys(KEPT)].forEach((key) => localStorage.removeItem(key));
    forget(false);
  }, true);
  forget(true);
  if (all().length) flush();

  // -- pages of dossiers that were opened open again without network; the others say calmly that there is none
  if (!("serviceWorker" in navigator)) return;
  const first = !navigator.serviceWorker.controller;
  addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register("/sw.js", { scope: "/" });
      for (const old of await navigator.serviceWorker.getRegistrations()) {
        if (new URL(old.scope).pathname !== "/") await old.unregister(); // it looked after dossiers only
      }
      const { active } = await navigator.serviceWorker.ready;
      const assets = performance.getEntriesByType("resource").map((one) => one.name).filter((name) => name.includes("/static/"));
      active.postMessage({ assets, page: first ? location.pathname : "" });
    } catch { /* without it, pages need the network */ }
  });
})();
