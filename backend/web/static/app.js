// Comforts only: every page works without this file.
(() => {
  const all = (selector) => document.querySelectorAll(selector);

  // The banner says when the network is gone; pages that keep answers say what is kept.
  const network = () => all("[data-offline]").forEach((banner) => { banner.hidden = navigator.onLine; });
  addEventListener("online", network);
  addEventListener("offline", network);
  network();

  // Errors first: the summary takes the focus when the page comes back with one.
  const focus = () => { const first = document.querySelector("[data-focus]"); if (first) first.focus(); };
  focus();
  document.addEventListener("htmx:after:swap", focus);

  // A form that is drawn anew while somebody types in it: what was typed since it was asked for stays as it is.
  const ticked = (one) => ["radio", "checkbox"].includes(one.type);
  const keyed = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit")
    .map((one) => [`${one.name}=${ticked(one) ? one.value : ""}`, one]);
  const values = (form) => new Map(keyed(form).map(([key, one]) => [key, ticked(one) ? one.checked : one.value]));
  const drawn = ({ target }) => {
    const form = typeof target === "string" ? document.querySelector(target) : target;
    return form?.matches?.("form[id]") ? document.getElementById(form.id) : null;
  };
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    const form = drawn(ctx);
    if (form) ctx.sent = values(form);
  });
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    const form = ctx.sent && drawn(ctx);
    if (!form) return;
    ctx.typed = [...values(form)].filter(([key, value]) => ctx.sent.get(key) !== value);
    ctx.at = form.contains(document.activeElement) ? document.activeElement.id : "";
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const form = ctx.typed && drawn(ctx);
    if (!form) return;
    const found = new Map(keyed(form));
    for (const [key, value] of ctx.typed) {
      const one = found.get(key);
      if (one) one[ticked(one) ? "checked" : "value"] = value;
    }
    const place = ctx.at && document.getElementById(ctx.at);
    if (place && place !== document.activeElement) place.focus();
    if (ctx.typed.length) form.dispatchEvent(new Event("input", { bubbles: true })); // its words follow
  });

  // Words beside a form that follow what is typed: until they do, they are marked as older.
  let typed = 0;
  const older = (form) => document.getElementById(form?.dataset.follows)?.toggleAttribute("data-older", true);
  document.addEventListener("input", ({ target: { form } }) => { typed = performance.now(); older(form); });
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => { ctx.since = performance.now(); });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.since < typed) older(document.querySelector("form[data-follows]"));
  });

  // Menus close when one looks elsewhere.
  const close = (except) => all("details.menu[open], details.account[open]").forEach((menu) => {
    if (!menu.contains(except)) menu.open = false;
  });
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(null); });

  // Without network any page says so calmly; for who is signed in, offline.js sees to it.
  if (!document.querySelector("script[data-account]")) {
    addEventListener("load", () => navigator.serviceWorker?.register("/sw.js")?.catch(() => null));
  }

  // A form is sent once: the second press while the first is on its way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
    form.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => all("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy")));
})();
