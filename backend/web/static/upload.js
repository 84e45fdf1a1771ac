// Files in chunks, with their progress; a lost network only delays them. The form works without this file.
(() => {
  const FIRST = 128_000, MOST = 1_000_000; // bytes of a chunk: grows while the network is fast
  const AT_ONCE = 2;
  const waiting = [];
  const active = new Set();
  let running = 0;

  class Refused extends Error {}
  const say = document.currentScript.dataset;

  // What a file weighs, in the words and the figures of the page.
  const figure = (n, digits) => new Intl.NumberFormat(document.documentElement.lang === "ar" ? "ar-MA-u-nu-latn" : "fr-FR", { maximumFractionDigits: digits }).format(n);
  const weight = (bytes) => (bytes >= 1e6 ? `${figure(bytes / 1e6, 1)}\u00a0${say.mega}` : `${figure(bytes && Math.max(1, Math.floor(bytes / 1e3)), 0)}\u00a0${say.kilo}`);
  const weighed = (file) => {
    const name = document.createElement("bdi"), all = document.createElement("span");
    name.textContent = file.name;
    all.append(name, ` · ${weight(file.size)}`);
    return all;
  };

  // Our own button and words lie under the browser's own field, which keeps the keyboard, the pointer, the drop.
  const face = (input) => {
    const box = input.parentElement;
    const shown = box.querySelector(".file-face") || box.appendChild(Object.assign(document.createElement("span"), { className: "file-face" }));
    const button = Object.assign(document.createElement("span"), { className: "button secondary small", textContent: input.hasAttribute("capture") ? say.photo : input.multiple ? say.many : say.one });
    const chosen = Object.assign(document.createElement("span"), { className: "chosen" });
    const limit = Number(input.dataset.limit);
    if (!input.files.length) chosen.textContent = say.none;
    for (const file of input.files) {
      const told = weighed(file);
      if (limit && file.size > limit) {
        told.className = "wrong";
        told.append(` · ${say.large.replace("%s", weight(limit))}`);
      }
      chosen.append(told);
    }
    const form = input.closest("form[data-upload]"); // of two ways to send it, she chooses one: until then it is only chosen
    if (input.files.length && form && !("auto" in form.dataset)) chosen.append(Object.assign(document.createElement("b"), { textContent: form.dataset.ways }));
    box.classList.add("filed");
    shown.replaceChildren(button, chosen);
    shown.setAttribute("aria-hidden", input.files.length ? "false" : "true"); // the field says the rest itself
  };
  const faces = (where) => where.querySelectorAll("input[type=file]").forEach(face);
  document.addEventListener("change", ({ target }) => { if (target.matches("input[type=file]")) face(target); });
  addEventListener("pageshow", () => faces(document));
  faces(document);

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const online = () => (navigator.onLine ? Promise.resolve() : new Promise((done) => addEventListener("online", done, { once: true })));
  document.documentElement.classList.add("uploads"); // files chosen leave by themselves: their button goes
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const keep = (key, value) => { try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* full or closed: then it does not resume after a reload */ } };

  // One request; what the server says no to is thrown in its words, what the network loses is tried again.
  const ask = async (job, method, path, body, type) => {
    for (let turn = 0; ; turn += 1) {
      if (job.stop.signal.aborted) throw new DOMException("", "AbortError");
      try {
        const answer = await fetch(`/api/v1${path}`, {
          method, body, signal: job.stop.signal,
          headers: { accept: "application/json", ...(type ? { "content-type": type } : {}) },
        });
        if (answer.status === 401) { location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`); return new Promise(() => {}); }
        if (answer.status < 500 && answer.status !== 429) {
          job.tell("");
          const said = answer.status === 204 ? {} : await answer.json();
          return { ok: answer.ok, status: answer.status, said };
        }
      } catch (error) {
        if (error.name === "AbortError") throw error;
      }
      if (turn > 60) throw new Refused(job.form.dataset.failed);
      job.tell(job.form.dataset.waiting);
      await Promise.race([pause(Math.min(1000 * 2 ** turn, 15_000)), pause(300).then(online).then(() => pause(700 * Math.min(turn + 1, 20)))]);
    }
  };
  const must = ({ ok, said }) => {
    if (ok) return said;
    throw new Refused([`${said.title}.`, said.detail, said.action].filter(Boolean).join(" "));
  };

  const begin = async (job) => {
    const known = read(job.key);
    if (known) {
      const found = await ask(job, "GET", `/uploads/${known}`);
      if (found.ok && found.said.size === job.file.size) return found.said;
    }
    const made = must(await ask(job, "POST", "/uploads", JSON.stringify({ name: job.file.name, size: job.file.size }), "application/json"));
    keep(job.key, made.id);
    return made;
  };

  const send = async (job) => {
    let upload = job.upload = await begin(job);
    let size = FIRST;
    while (!upload.file_id && upload.received < job.file.size) {
      const chunk = job.file.slice(upload.received, upload.received + size);
      const started = performance.now();
      const answer = await ask(job, "PUT", `/uploads/${upload.id}?offset=${upload.received}`, chunk, "application/octet-stream");
      if (answer.status === 409) upload = { ...upload, received: answer.said.params.expected };
      else upload = must(answer);
      if (performance.now() - started < 1000) size = Math.min(size * 2, MOST);
      job.show(upload.received);
    }
    job.tell(job.form.dataset.checking);
    const file = must(await ask(job, "POST", `/uploads/${upload.id}/complete`));
    const body = { code: job.form.dataset.code, file_id: file.id };
    if (job.replaces) body.replaces = job.replaces;
    must(await ask(job, "POST", `/applications/${job.form.dataset.upload}/documents`, JSON.stringify(body), "application/json"));
    keep(job.key, null);
  };

  // What one sees of it: a line with its name, a bar, a way to give up.
  const line = (job) => {
    const item = document.createElement("li");
    const name = weighed(job.file);
    const amount = document.createElement("span");
    const bar = document.createElement("progress");
    const note = document.createElement("span");
    const stop = document.createElement("button");
    bar.max = job.file.size || 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `${job.form.dataset.sending}, ${job.file.name}`);
    note.className = "note";
    amount.className = "note amount";
    amount.setAttribute("aria-hidden", "true"); // the bar says it, when it is asked
    stop.type = "button";
    stop.className = "button text small";
    stop.textContent = job.form.dataset.cancel;
    stop.addEventListener("click", () => job.stop.abort());
    item.append(name, stop, bar, amount, note);
    job.list.append(item);
    job.list.hidden = false;
    job.show = (received) => {
      bar.value = received;
      amount.textContent = say.part.replace("%s", weight(received)).replace("%t", weight(job.file.size));
    };
    job.show(0);
    job.tell = (words) => { note.textContent = words; };
    job.fail = (words) => { bar.hidden = true; amount.hidden = true; stop.hidden = true; note.textContent = words; note.className = "wrong"; };
    job.gone = () => item.remove();
  };

  // The part of the page that changed, as the server draws it; lines still on their way move into it.
  const refresh = async (form) => {
    const panel = form.closest("section");
    const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) { location.reload(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawn = page.getElementById(panel.id);
    if (!drawn) return;
    const fresh = document.importNode(drawn, true);
    const list = panel.querySelector(".sending"), place = fresh.querySelector(".sending");
    if (list && place) place.replaceWith(list);
    const fold = fresh.querySelector("details");
    if (fold && list && list.children.length) fold.open = true; // what is still to be read or to come
    panel.replaceWith(fresh);
    faces(fresh);
  };

  const work = async () => {
    if (running >= AT_ONCE || !waiting.length) return;
    const job = waiting.shift();
    running += 1;
    active.add(job);
    try {
      await send(job);
      job.gone();
      await refresh(document.querySelector(`form[data-code="${job.form.dataset.code}"]`) || job.form);
    } catch (error) {
      if (error.name === "AbortError") {
        keep(job.key, null);
        if (job.upload) fetch(`/api/v1/uploads/${job.upload.id}`, { method: "DELETE" }).catch(() => {});
        job.gone();
      } else {
        if (error instanceof Refused) keep(job.key, null);
        job.fail(error instanceof Refused ? error.message : job.form.dataset.failed);
      }
    } finally {
      running -= 1;
      active.delete(job);
      work();
    }
  };

  const start = (form, replaces) => {
    const inputs = [...form.querySelectorAll("input[type=file]")];
    const files = inputs.flatMap((input) => [...input.files]);
    const list = form.querySelector(".sending");
    list.querySelectorAll(".wrong").forEach((note) => note.closest("li").remove());
    for (const file of files) {
      const job = { form, file, list, replaces, stop: new AbortController() };
      job.key = `upload:${form.dataset.upload}:${form.dataset.code}:${file.name}:${file.size}:${file.lastModified}`;
      line(job);
      if (file.size > Number(form.dataset.limit)) job.fail(form.dataset.large);
      else waiting.push(job);
      replaces = null; // the first one takes the place, the others stand beside it
    }
    inputs.forEach((input) => { input.value = ""; face(input); });
    for (let i = 0; i < AT_ONCE; i += 1) work();
    return files.length > 0;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-upload]")) return;
    const replaces = event.submitter && event.submitter.name === "replaces" ? event.submitter.value : null;
    if (start(form, replaces)) event.preventDefault();
  }, true);
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (form && "auto" in form.dataset) start(form, null);
  });
  addEventListener("offline", () => active.forEach((job) => job.tell(job.form.dataset.waiting)));
  const unsent = () => [...document.querySelectorAll("form[data-upload] input[type=file]")].some((input) => input.files.length);
  addEventListener("beforeunload", (event) => { if (running || unsent()) event.preventDefault(); });
})();
