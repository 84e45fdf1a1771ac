// Pages of dossiers that this account opened open again without network; of every other page, a calm one says
// that there is none. The network first, always; copies of one account at a time, gone when she signs out or
// when somebody else signs in.
const PAGES = "indh-pages-", STATIC = "indh-static", LANG = "indh-lang";
const PAGE = /^\/applications\/[0-9a-f-]{36}(\/(?!check$)[a-z]+)?$/; // whether it is ready is never an old answer
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

const keep = async (path, answer) => {
  const html = await answer.text(), account = /data-account="([^"]+)"/.exec(html)?.[1];
  if (!account) return;
  await speaks(/<html lang="([^"]+)"/.exec(html)?.[1]);
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES) && name !== PAGES + account);
  await Promise.all(names.map((name) => caches.delete(name)));
  const headers = { "content-type": "text/html; charset=utf-8" };
  for (const name of ["content-security-policy", "content-language"]) {
    if (answer.headers.has(name)) headers[name] = answer.headers.get(name);
  }
  await (await caches.open(PAGES + account)).put(path, new Response(html, { headers }));
};
// What opens in the place of the browser's own page of errors: its words are here, so they are on the phone.
const WORDS = {
  fr: {
    away: "Pas de réseau", not: "Cette page n’est pas encore sur ce téléphone : elle s’ouvrira au retour du réseau.",
    kept: "Ce que vous avez écrit dans un dossier ou une évaluation et qui est dit « gardé sur ce téléphone » y reste, et partira au retour du réseau.",
    again: "Réessayer", back: "Revenir à la page d’avant", unsure: "Vérifiez avant de recommencer",
    lost: "La réponse n’est pas arrivée. Le plus souvent, rien n’a été envoyé ni déposé ; mais la réponse a pu se perdre en route : au retour du réseau, rouvrez la page et regardez avant d’appuyer de nouveau.",
  },
  ar: {
    away: "لا توجد شبكة", not: "هذه الصفحة ليست بعد في هذا الهاتف: ستفتح عند رجوع الشبكة.",
    kept: "ما كتبتموه في ملف أو تقييم وقيل إنه «محفوظ في هذا الهاتف» يبقى فيه، وسيرسل عند رجوع الشبكة.",
    again: "إعادة المحاولة", back: "الرجوع إلى الصفحة السابقة", unsure: "تحققوا قبل إعادة المحاولة",
    lost: "لم يصل الجواب. في الغالب لم يرسل ولم يودع أي شيء؛ لكن قد يكون الجواب ضاع في الطريق: عند رجوع الشبكة، افتحوا الصفحة وانظروا قبل الضغط من جديد.",
  },
};
const speaks = async (lang) => WORDS[lang] && (await caches.open(LANG)).put("/lang", new Response(lang));
const spoken = async () => (await (await caches.match("/lang", { cacheName: LANG }))?.text()) || (navigator.language.startsWith("ar") ? "ar" : "fr");
const sorry = async (request) => {
  const lang = await spoken(), say = WORDS[lang], sent = request.method !== "GET";
  const attribute = (url) => { const { pathname, search } = new URL(url); return (pathname + search).replace(/&/g, "&amp;").replace(/"/g, "&quot;"); };
  const styles = (await (await caches.open(STATIC)).keys()).filter((one) => one.url.endsWith(".css")).map((one) => `<link rel="stylesheet" href="${attribute(one.url)}">`);
  const title = sent ? say.unsure : say.away, to = attribute(sent ? request.referrer || `${location.origin}/my` : request.url);
  const html = `<!DOCTYPE html><html lang="${lang}" dir="${lang === "ar" ? "rtl" : "ltr"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>${styles.join("")}</head>
<body><main class="plain"><div class="inside prose"><h1>${title}</h1><p>${sent ? say.lost : say.not}</p><p>${say.kept}</p><p><a class="button primary" href="${to}">${sent ? say.back : say.again}</a></p></div></main></body></html>`;
  const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": "default-src 'self'; object-src 'none'; base-uri 'none'", "cache-control": "no-store" };
  return new Response(html, { status: 503, headers });
};
const page = async (event, path) => {
  try {
    const answer = await fetch(event.request);
    if (answer.headers.has("content-language")) event.waitUntil(speaks(answer.headers.get("content-language")));
    if (event.request.method === "GET" && answer.ok && answer.type === "basic" && !answer.redirected && PAGE.test(path)) event.waitUntil(keep(path, answer.clone()));
    return answer;
  } catch {
    if (event.request.method !== "GET") return sorry(event.request);
    const name = (await caches.keys()).find((one) => one.startsWith(PAGES));
    const copy = name && (await (await caches.open(name)).match(path));
    if (copy) return copy;
    return sorry(event.request);
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
  if (url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event, url.pathname));
  else if (event.request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(asset(event.request));
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
