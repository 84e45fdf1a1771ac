// A section's form keeps each field as it is typed: into the queue of offline.js first, then to the dossier,
// merged with what others write there. The form works without this file.
(() => {
  const form = document.querySelector("form[data-autosave]"), queue = window.indh;
  if (!form || !queue) return;
  const { autosave: app, section, home, signIn } = form.dataset;
  const say = JSON.parse(form.dataset.say), page = JSON.parse(form.dataset.kept), at = Number(form.dataset.at);
  const note = document.getElementById("saved-note");
  // Casablanca's hour as the platform counts it: an old telephone does not know that it changed
  const clock = (time) => new Date(new Date(time).getTime() + Number(form.dataset.offset) * 60000).toISOString().slice(11, 16);
  const make = (tag, text, cls) => Object.assign(document.createElement(tag), { textContent: text, className: cls || "" });

  // -- nothing moves under a finger: what is to be shown waits until it is lifted, or the press misses its button
  let pressed = false;
  const held = new Map();
  const still = (act) => {
    const calm = (...args) => { if (pressed) held.set(calm, () => act(...args)); else act(...args); };
    return calm;
  };
  const lift = () => setTimeout(() => { // after the click that the lifting makes
    pressed = false;
    const acts = [...held.values()];
    held.clear();
    acts.forEach((act) => act());
  });
  document.addEventListener("pointerdown", () => { pressed = true; });
  document.addEventListener("click", () => { pressed = false; }, true); // it has its button: what it does shows at once
  ["pointerup", "pointercancel"].forEach((kind) => document.addEventListener(kind, lift));

  // -- fields: a name has one value, or for boxes those that are ticked
  const boxes = (name) => [...form.elements].filter((one) => one.name === name);
  const names = new Set([...form.elements].map((one) => one.name).filter((name) => name && !["version", "then", "remove"].includes(name)));
  const get = (name) => {
    const [first, ...more] = boxes(name);
    if (first.type === "checkbox") return [first, ...more].filter((one) => one.checked).map((one) => one.value).sort();
    if (first.type === "radio") return [first, ...more].find((one) => one.checked)?.value || "";
    return first.value;
  };
  const set = (name, value) => boxes(name).forEach((one) => {
    if (one.type === "checkbox") one.checked = (value || []).includes(one.value);
    else if (one.type === "radio") one.checked = one.value === value;
    else one.value = value ?? "";
  });
  const words = (name, value) => {
    const [first] = boxes(name);
    const option = first.options && [...first.options].find((one) => one.value === value);
    const radio = first.type === "radio" && boxes(name).find((one) => one.value === value);
    return option?.text || (radio && radio.closest("label").textContent.trim()) || String(value ?? "") || say.nothing;
  };

  // -- what a field says by now: what waits, what was kept since the page was made, what the page says
  const entries = (name) => queue.all().filter((one) => one.app === app && one.section === section && (!name || one.field === name));
  const keptKey = (name) => `${queue.KEPT}${app}:${section}:${name}`;
  const base = (name) => {
    const last = entries(name).pop();
    if (last) return last.value;
    const kept = JSON.parse(localStorage.getItem(keptKey(name)) || "null");
    return kept && kept.at > at ? kept.value : page[name] ?? "";
  };
  const plain = (value) => JSON.stringify(Array.isArray(value) ? [...value].sort() : (value ?? "").replace(/\r\n/g, "\n").trim());
  const differs = (name) => plain(get(name)) !== plain(base(name));

  // -- typing: into the queue a moment after the last key, at once when the field is left or the page hidden
  const timers = new Map();
  const take = (name) => {
    clearTimeout(timers.get(name));
    timers.delete(name);
    if (!names.has(name) || !differs(name)) return;
    const value = get(name), last = entries(name).pop();
    const said = last?.state === "conflict" ? (queue.write({ ...last, value }), true)
      : queue.push({ app, section, field: name, was: last?.state === "refused" ? last.was : base(name), value });
    if (last?.state === "refused" && said) queue.drop(last);
    if (!said) show("full");
    else { draw(); queue.flush(); }
  };
  form.addEventListener("input", ({ target: { name } }) => {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(take, 900, name));
  });
  form.addEventListener("change", ({ target: { name } }) => take(name));
  const takeAll = () => names.forEach(take);
  document.addEventListener("visibilitychange", () => { if (document.hidden) takeAll(); });
  addEventListener("pagehide", takeAll);

  // -- saying where things stand
  const unsaved = () => entries().filter((one) => one.state && names.has(one.field));
  let stands = "";
  const show = still((state, time) => {
    stands = state === "saved" && unsaved().length ? "open" : state; // never « saved » beside what is not
    note.hidden = false;
    note.className = `saved-note${["offline", "signin", "full", "open"].includes(stands) ? " kept" : ""}`;
    note.textContent = { open: say.open, sending: say.sending, offline: say.kept, signin: say.signin, full: say.full, saved: time ? say.saved.replace("%s", clock(time)) : "" }[stands];
    if (state === "signin") note.append(" ", Object.assign(make("a", say.enter), { href: signIn }));
  });
  const place = (name) => {
    const where = boxes(name)[0].closest(".field, .choice, .checkbox");
    for (let fold = where.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    return where;
  };
  const refused = (entry) => {
    const where = place(entry.field), id = `${entry.field}-kept`;
    where.classList.add("wrong");
    if (document.getElementById(`${entry.field}-error`)) return; // the page says it
    where.append(Object.assign(make("p", entry.error || say.refused, "error"), { id }));
    boxes(entry.field).forEach((one) => {
      one.dataset.described = one.getAttribute("aria-describedby") || "";
      one.setAttribute("aria-describedby", `${one.dataset.described} ${id}`.trim());
      one.setAttribute("aria-invalid", "true");
    });
  };
  const contested = (entry) => {
    const box = make("div", "", "differs"), theirs = entry.theirs, row = make("div", "");
    const [first] = boxes(entry.field), coded = first.options || ["radio", "checkbox"].includes(first.type);
    const value = coded ? theirs.value ?? "" : theirs.written;
    box.setAttribute("role", "group");
    const what = theirs.yours ? say.own : say.conflict;
    box.setAttribute("aria-label", what);
    box.append(make("p", what, "strong"), make("p", say.theirs.replace("%s", () => words(entry.field, value))));
    if (theirs.by) box.append(make("p", say.by.replace("%p", () => theirs.by).replace("%s", () => theirs.moment), "note"));
    box.append(make("p", say.mine.replace("%s", () => words(entry.field, entry.value))));
    const keep = Object.assign(make("button", say.keep, "button secondary small"), { type: "button" });
    const give = Object.assign(make("button", say.take, "button secondary small"), { type: "button" });
    keep.addEventListener("click", () => {
      queue.push({ app, section, field: entry.field, was: value, value: entry.value });
      queue.drop(entry);
      draw();
      queue.flush();
      first.focus();
    });
    give.addEventListener("click", () => {
      queue.drop(entry);
      localStorage.setItem(keptKey(entry.field), JSON.stringify({ value, at: at + 1 }));
      set(entry.field, value);
      if (!entries().length) settled(); // nothing is left that is not kept, whatever was said before
      draw();
      first.focus();
    });
    row.append(keep, give);
    box.append(row);
    place(entry.field).append(box);
  };
  // rows that are there no more: what was typed for one is told once, in one note, until she has read it
  const gone = (row, lost) => {
    const box = make("div", "", "differs"), list = make("ul", ""), [rows, place_] = row.split(".");
    const named = (name) => form.querySelector(`[name^="${rows}."][name$=".${name}"]`)?.labels[0]?.firstChild.textContent.trim();
    const legend = form.querySelector("[data-row='0'] legend")?.firstChild.textContent.trim().replace("1", Number(place_) + 1);
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", say.gone);
    box.append(make("p", say.gone, "strong"));
    lost.filter((entry) => String(entry.value ?? "")).forEach((entry) => {
      const [, , name] = entry.field.split("."), item = make("li", `${[legend, named(name)].filter(Boolean).join(say.comma)}${say.colon}`);
      item.append(Object.assign(make("bdi", String(entry.value)), { dir: "auto" }));
      list.append(item);
    });
    const read = Object.assign(make("button", say.read, "button secondary small"), { type: "button" });
    read.addEventListener("click", () => {
      lost.forEach(queue.drop);
      draw();
      (form.querySelector("input:not([type=hidden]), select, textarea") || form).focus();
    });
    box.append(list, read);
    form.prepend(box);
  };
  const homeless = () => entries().filter((one) => one.state && !names.has(one.field));
  const settled = () => { stands = ""; note.hidden = true; note.textContent = ""; };
  const draw = still(() => {
    form.querySelectorAll(".differs, [id$='-kept']").forEach((one) => one.remove());
    form.querySelectorAll("[data-described]").forEach((one) => {
      one.setAttribute("aria-describedby", one.dataset.described);
      ["aria-invalid", "data-described"].forEach((what) => one.removeAttribute(what));
    });
    form.querySelectorAll(".wrong").forEach((one) => { if (!one.querySelector("[id$='-error']")) one.classList.remove("wrong"); });
    for (const entry of entries()) {
      if (!names.has(entry.field)) continue;
      if (entry.state === "refused") refused(entry);
      if (entry.state === "conflict") contested(entry);
    }
    const rows = new Map();
    for (const entry of homeless()) {
      const row = entry.field.split(".").slice(0, 2).join(".");
      rows.set(row, [...(rows.get(row) || []), entry]);
    }
    rows.forEach((lost, row) => gone(row, lost));
    if (unsaved().length ? ["", "saved"].includes(stands) : stands === "open") {
      show("open");
      if (!unsaved().length) settled();
    } else if (!entries().length && !["", "saved", "full"].includes(stands)) settled();
  });
  const restore = () => names.forEach((name) => {
    if (!timers.has(name) && differs(name) && !boxes(name).includes(document.activeElement)) set(name, base(name));
  });

  // -- what follows from what was kept: totals and caps, in the server's words
  let asked = 0;
  const replace = still((parts) => {
    for (const part of parts) {
      const old = part.id && document.getElementById(part.id);
      if (old && old.innerHTML !== part.innerHTML) old.replaceChildren(...part.childNodes);
    }
  });
  const follow = async () => {
    const mine = ++asked;
    const answer = await fetch(`${home}/${section}`, { headers: { "HX-Request-Type": "partial" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine === asked) replace([...page.body.children]);
  };
  document.addEventListener("indh:queue", ({ detail: { state, at: time } }) => {
    if (state === "elsewhere") restore();
    else if (time || (state === "saved" && unsaved().length) || ["offline", "signin", "sending"].includes(state)) show(state, time);
    if (!document.activeElement?.closest(".differs")) draw();
    if (time || state === "elsewhere") follow();
  });

  // -- the buttons: everything is kept first; what cannot be read goes to the server, which says why
  let plainly = false;
  form.addEventListener("submit", async (event) => {
    if (plainly) return;
    event.preventDefault();
    const { name, value } = event.submitter || {};
    takeAll();
    if (name === "remove") {
      const row = event.submitter.closest("[data-row]");
      row.querySelectorAll("input, select").forEach((one) => { one.value = ""; });
      takeAll();
      (row.querySelector("input") || form).focus();
    }
    const state = await queue.flush();
    const left = entries().filter((entry) => names.has(entry.field) || !entry.state);
    const open = unsaved().find((entry) => entry.state === "conflict");
    if (open) { place(open.field).scrollIntoView({ block: "center" }); boxes(open.field)[0].focus(); return; }
    if (left.some((entry) => entry.state === "refused") && name !== "remove") { plainly = true; form.submit(); return; }
    if (left.length || state !== "saved") { note.scrollIntoView({ block: "center" }); return; }
    if (name === "remove") return;
    location.assign(name === "then" ? `${home}/${section}?room=${value === "more" ? 3 : 0}#rows` : home);
  });

  for (const key of queue.keys(`${queue.KEPT}${app}:${section}:`)) {
    if (!(JSON.parse(localStorage.getItem(key)).at > at)) localStorage.removeItem(key);
  }
  if (form.querySelector(".error-summary")) takeAll(); // a refused form comes back with all that was typed
  else restore();
  draw();
  if (entries().some((entry) => !entry.state)) show("offline");
})();
