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

  // Menus close when one looks elsewhere.
  const close = (except) => all("details.menu[open], details.account[open]").forEach((menu) => {
    if (!menu.contains(except)) menu.open = false;
  });
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(null); });

  // A form is sent once: the second press while the first is on its way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
    form.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => all("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy")));
})();
