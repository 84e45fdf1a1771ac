// Scoring with comfort: saves as one goes, keyboard, folding. The page works without this file.
(() => {
  const form = document.querySelector("form[data-review]");
  if (!form) return;
  const kept = `review:${form.dataset.review}`;
  const criteria = [...form.querySelectorAll(".criterion")];
  let timer = 0, saving = false, dirty = false, leaving = null;
  let stopped = form.dataset.refused === "version_conflict"; // she was shown both: only her own press saves
  let base = stopped ? "" : form.elements.version.value; // what the typed marks were made from
  let changes = 0;

  // -- the draft: what is not saved yet, the version that it was made from, the window that typed it
  const tab = sessionStorage.getItem("tab") || Math.random().toString(36).slice(2);
  sessionStorage.setItem("tab", tab);
  const fields = () => [...new FormData(form)].filter(([name]) => name !== "version");
  const draft = () => {
    try { return JSON.parse(localStorage.getItem(kept)); } catch { return null; }
  };
  const keep = () => localStorage.setItem(kept, JSON.stringify({ base, tab, fields: fields() }));
  const drop = () => { if (draft()?.tab === tab) localStorage.removeItem(kept); };

  // -- saving: one request at a time, the whole form, the answer's parts put in place by their id
  const put = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const part of [...page.body.children]) {
      const old = part.id && document.getElementById(part.id);
      if (old) old.replaceWith(document.importNode(part, true));
    }
  };
  let refused = false;
  const save = async () => {
    if (stopped) return;
    if (saving) { dirty = true; return; }
    saving = true; dirty = false;
    const sent = changes;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)),
        headers: { "HX-Request-Type": "partial", "HX-Request": "true" }, signal: AbortSignal.timeout(20000),
      });
      const away = answer.headers.get("hx-redirect");
      if (away) { // the session ended: what is kept here comes back with the page
        stopped = true;
        leaving = null;
        location.assign(away);
        return;
      }
      if (answer.status === 412) { // another window saved: the whole page shows both, and she decides
        stopped = refused = true;
        form.requestSubmit(form.querySelector("button[value=save]"));
        return;
      }
      const type = answer.headers.get("content-type") || "";
      if (type.includes("html") && (answer.ok || answer.status === 422)) put(await answer.text());
      if (answer.ok) {
        base = form.elements.version.value;
        document.querySelectorAll("input[name=version]").forEach((one) => { one.value = base; });
        if (changes === sent) drop(); else keep();
      } else leaving = null;
    } catch {
      leaving = null;
      note(form.dataset.kept);
    } finally {
      saving = false;
      if (leaving) form.requestSubmit(leaving);
      else if (dirty && !stopped) save();
    }
  };
  const note = (words) => {
    const place = document.getElementById("saved-note");
    if (place) place.textContent = words;
  };
  const later = (delay) => {
    changes += 1;
    keep();
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };
  form.addEventListener("change", () => later(50));
  form.addEventListener("input", () => later(1200));
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!navigator.onLine) { // the page would be lost for nothing: what is typed waits here
      keep();
      note(form.dataset.kept);
      event.preventDefault();
      return;
    }
    if (saving) { // it would overtake the save on its way, and be refused as an older version: it waits
      leaving = event.submitter;
      event.preventDefault();
      return;
    }
    stopped = true;
    if (!refused) drop(); // what was refused stays on the device until she has chosen
  });
  // -- said at once when the network goes, before anything is typed; sent when it is back
  const before = document.getElementById("saved-note")?.textContent || "";
  const gone = () => note(draft() ? form.dataset.kept : form.dataset.gone);
  addEventListener("offline", gone);
  addEventListener("online", () => { if (draft()?.tab === tab) save(); else note(before); });
  if (!navigator.onLine) gone();

  // -- what could not be saved comes back with the page: over the version that it was made from, by itself;
  // over a newer one, both are shown and she chooses
  const shown = (name) => fields().filter(([one]) => one === name).map(([, value]) => value).join();
  const fill = (stored) => {
    for (const [name, value] of stored.fields) {
      const field = form.elements.namedItem(name);
      if (field && "value" in field) field.value = value;
    }
    later(50);
  };
  const restore = () => {
    const stored = draft();
    if (!stored || form.dataset.refused || !form.querySelector("button[value=sign]")) return;
    const differing = Array.isArray(stored.fields)
      ? stored.fields.filter(([name, value]) => form.elements.namedItem(name) && shown(name).trim() !== value.trim()) : [];
    if (!differing.length) { localStorage.removeItem(kept); return; }
    if (stored.base === base) { fill(stored); return; }
    const choice = document.getElementById("draft-choice").content.cloneNode(true);
    const box = choice.firstElementChild, list = box.querySelector("ul"), line = list.firstElementChild;
    line.remove();
    for (const [name, value] of differing) {
      const one = line.cloneNode(true);
      const criterion = form.elements.namedItem(name);
      const label = (criterion.length ? criterion[0] : criterion).closest(".criterion").querySelector(".strong");
      one.querySelector("[data-part=where]").textContent = label.textContent;
      one.querySelector("[data-part=mine]").textContent = value || "–";
      one.querySelector("[data-part=theirs]").textContent = shown(name) || "–";
      list.append(one);
    }
    box.querySelector("[data-choose=mine]").addEventListener("click", () => { box.remove(); fill(stored); });
    box.querySelector("[data-choose=theirs]").addEventListener("click", () => { localStorage.removeItem(kept); box.remove(); });
    form.prepend(choice);
  };
  form.addEventListener("click", (event) => { // what is saved is taken instead: the draft goes
    if (event.target.closest("[data-discard]")) localStorage.removeItem(kept);
  });
  restore();

  // -- folding: one criterion open at a time
  const open = (criterion, focus = true) => {
    if (!criterion) return;
    criteria.forEach((one) => { one.open = one === criterion; });
    const first = criterion.querySelector("input:checked") || criterion.querySelector("input");
    if (focus && first) first.focus();
    criterion.scrollIntoView({ block: "nearest" });
  };
  criteria.forEach((one) => one.addEventListener("toggle", () => {
    if (one.open) criteria.forEach((other) => { if (other !== one) other.open = false; });
  }));

  // -- keyboard: a digit marks, up and down change criterion, N writes, D reads, G comes back, Ctrl+Enter signs
  const alone = document.getElementById("keys-alone"); // keys without Ctrl may be put off, and stay so
  if (alone) {
    alone.closest("label").hidden = false;
    alone.checked = localStorage.getItem("review-keys") !== "off";
    alone.addEventListener("change", () => localStorage.setItem("review-keys", alone.checked ? "on" : "off"));
  }
  let digits = "", pressed = 0, judged; // on a scale beyond 9, two digits in quick succession are one mark
  const marked = (criterion, event) => {
    const mark = (value) => criterion?.querySelector(`input[value="${value}"]:enabled`);
    const both = criterion === judged && event.timeStamp - pressed < 1000 && mark(digits + event.key);
    judged = criterion;
    digits = both ? digits + event.key : event.key;
    pressed = event.timeStamp;
    return both || mark(event.key);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      form.querySelector("button[value=sign]")?.click();
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || (alone && !alone.checked)) return;
    const typing = event.target.matches("textarea, input:not([type=radio]):not([type=checkbox]), select");
    if (event.key === "Escape" && typing) { event.target.blur(); return; }
    if (typing) return;
    const reading = event.target.closest(".work > .start"); // there the arrows scroll, as everywhere
    if (reading && event.key.startsWith("Arrow")) return;
    const at = Math.max(0, criteria.findIndex((one) => one.open));
    const radio = /^[0-9]$/.test(event.key) && marked(criteria[at], event);
    if (radio) { radio.checked = true; radio.focus(); radio.dispatchEvent(new Event("change", { bubbles: true })); }
    else if (event.key === "ArrowDown") open(criteria[Math.min(at + 1, criteria.length - 1)]);
    else if (event.key === "ArrowUp") open(criteria[Math.max(at - 1, 0)]);
    else if (event.key === "n" || event.key === "N") criteria[at]?.querySelector("textarea")?.focus();
    else if (event.key === "d" || event.key === "D") document.getElementById("dossier")?.focus();
    else if (event.key === "g" || event.key === "G") open(criteria[at]);
    else return;
    event.preventDefault();
  });
})();
