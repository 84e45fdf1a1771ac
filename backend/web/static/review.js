// Scoring with comfort: saves as one goes, keyboard, folding. The page works without this file.
(() => {
  const form = document.querySelector("form[data-review]");
  if (!form) return;
  const kept = `review:${form.dataset.review}`;
  const criteria = [...form.querySelectorAll(".criterion")];
  let timer = 0, saving = false, dirty = false, stopped = false, leaving = null;

  // -- saving: one request at a time, the whole form, the answer's parts put in place by their id
  const fields = () => [...new FormData(form)].filter(([name]) => name !== "version");
  const put = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const part of [...page.body.children]) {
      const old = part.id && document.getElementById(part.id);
      if (old) old.replaceWith(document.importNode(part, true));
    }
  };
  const save = async () => {
    if (stopped) return;
    if (saving) { dirty = true; return; }
    saving = true; dirty = false;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)),
        headers: { "HX-Request-Type": "partial", "HX-Request": "true" },
      });
      const away = answer.headers.get("hx-redirect");
      if (away) { // the session ended: what is kept here comes back with the page
        stopped = true;
        leaving = null;
        location.assign(away);
        return;
      }
      const type = answer.headers.get("content-type") || "";
      if (type.includes("html") && (answer.ok || answer.status === 412 || answer.status === 422)) put(await answer.text());
      stopped = answer.status === 412; // another window saved: nothing is overwritten, the reader decides
      if (answer.ok) localStorage.removeItem(kept);
      else leaving = null;
    } catch {
      leaving = null;
      offline();
    } finally {
      saving = false;
      if (leaving) form.requestSubmit(leaving);
      else if (dirty && !stopped) save();
    }
  };
  const offline = () => {
    const note = document.getElementById("saved-note");
    if (note) note.textContent = form.dataset.kept;
  };
  const later = (delay) => {
    localStorage.setItem(kept, JSON.stringify(fields()));
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };
  form.addEventListener("change", () => later(50));
  form.addEventListener("input", () => later(1200));
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (saving) { // it would overtake the save on its way, and be refused as an older version: it waits
      leaving = event.submitter;
      event.preventDefault();
      return;
    }
    stopped = true;
    localStorage.removeItem(kept);
  });
  addEventListener("online", save);

  // -- what was typed while the network was gone comes back with the page
  const restore = () => {
    const stored = localStorage.getItem(kept);
    if (!stored || form.dataset.refused) return;
    for (const [name, value] of JSON.parse(stored)) {
      const field = form.elements.namedItem(name);
      if (field && "value" in field) field.value = value;
    }
    later(50);
  };
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
    const radio = /^[0-9]$/.test(event.key) && criteria[at]?.querySelector(`input[value="${event.key}"]`);
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
