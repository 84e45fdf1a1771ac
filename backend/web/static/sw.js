// Pages of dossiers that this account opened open again without network. The network first, always; copies of
// one account at a time, gone when she signs out or when somebody else signs in.
const PAGES = "indh-pages-", STATIC = "indh-static";
const PAGE = /^\/applications\/[0-9a-f-]{36}(\/[a-z]+)?$/;
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

const keep = async (path, answer) => {
  const html = await answer.text(), account = /data-account="([^"]+)"/.exec(html)?.[1];
  if (!account) return;
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES) && name !== PAGES + account);
  await Promise.all(names.map((name) => caches.delete(name)));
  const headers = { "content-type": "text/html; charset=utf-8" };
  for (const name of ["content-security-policy", "content-language"]) {
    if (answer.headers.has(name)) headers[name] = answer.headers.get(name);
  }
  await (await caches.open(PAGES + account)).put(path, new Response(html, { headers }));
};
const page = async (event, path) => {
  try {
    const answer = await fetch(event.request);
    if (answer.ok && answer.type === "basic" && !answer.redirected && PAGE.test(path)) event.waitUntil(keep(path, answer.clone()));
    return answer;
  } catch (gone) {
    const name = (await caches.keys()).find((one) => one.startsWith(PAGES));
    const copy = name && (await (await caches.open(name)).match(path));
    if (copy) return copy;
    throw gone;
  }
};
const asset = async (request) => {
  const cache = await caches.open(STATIC), found = await cache.match(request, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) {
    const version = (url) => new URL(url).pathname.split("/")[2];
    for (const old of await cache.keys()) if (version(old.url) !== version(request.url)) await cache.delete(old);
    await cache.put(request, answer.clone());
  }
  return answer;
};
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event, url.pathname));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(event.request));
});
addEventListener("message", (event) => event.waitUntil((async () => {
  await clients.claim();
  for (const url of event.data.assets || []) await asset(new Request(url)).catch(() => null);
  const path = event.data.page || "";
  if (PAGE.test(path)) {
    const answer = await fetch(path).catch(() => null);
    if (answer?.ok && !answer.redirected) await keep(path, answer);
  }
})()));
