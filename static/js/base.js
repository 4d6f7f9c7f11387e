/* What every page has: menus that close, a form that is not sent twice, scroll areas that take focus.
   Pages work without it. */
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // 怎么算的 is a link to the page of the clock; here it opens the small card in place, with a link to that page.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a.why");
    var plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || !window.htmx || !/^\/clocks\/\d+\/$/.test(link.getAttribute("href"))) return;
    event.preventDefault();
    var menu = document.createElement("details");
    var head = document.createElement("summary");
    var card = document.createElement("div");
    menu.className = "menu why-menu";
    head.className = "why";
    head.append.apply(head, link.childNodes);
    if (link.hasAttribute("aria-label")) head.setAttribute("aria-label", link.getAttribute("aria-label"));
    card.className = "menu-card card";
    menu.append(head, card);
    menu.addEventListener("toggle", function () { place(menu); });
    link.replaceWith(menu);
    menu.open = true;
    head.focus();
    window.htmx.ajax("GET", link.href, { target: card, swap: "innerHTML" }).then(function () { place(menu); });
  });

  // Beside its date, on the screen, whatever scrolls around it.
  function place(menu) {
    if (!menu.open) return;
    var at = menu.getBoundingClientRect();
    var card = menu.lastElementChild;
    var width = Math.min(360, window.innerWidth - 32);
    card.style.width = width + "px";
    card.style.left = Math.max(16, Math.min(at.left, window.innerWidth - width - 16)) + "px";
    var below = at.bottom + 6;
    var fits = below + card.offsetHeight <= window.innerHeight || at.top < card.offsetHeight + 6;
    card.style.top = (fits ? below : at.top - card.offsetHeight - 6) + "px";
  }
  function placeAll() { document.querySelectorAll(".why-menu[open]").forEach(place); }
  window.addEventListener("scroll", placeAll, true);
  window.addEventListener("resize", placeAll);

  // The server answers the same form sent twice only once; this spares the person the wait for a second answer.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // A scroll area without a link or field inside must be reachable from the keyboard.
  function reachable(root) {
    root.querySelectorAll(".table-x, .tabs, .topnav.staff").forEach(function (area) {
      if (area.scrollWidth > area.clientWidth && !area.querySelector("a, button, input, select, textarea")) {
        area.tabIndex = 0;
      }
    });
  }
  reachable(document);
  document.addEventListener("htmx:load", function (event) { reachable(event.detail.elt.parentNode || document); });

  // On a phone the current entry of a long navigation may stand outside the screen.
  var bar = document.querySelector(".topnav");
  var current = bar && bar.querySelector("[aria-current]");
  if (current && bar.scrollWidth > bar.clientWidth) {
    bar.scrollLeft = current.offsetLeft - (bar.clientWidth - current.offsetWidth) / 2;
  }

  // What htmx could not send, or got no usable answer to, is said above the page; 401 and 403 bring their own words.
  function say(words) {
    var note = document.createElement("div");
    note.className = "note yellow gap-b";
    note.setAttribute("role", "alert");
    var mark = document.createElement("i");
    mark.className = "ti ti-alert-triangle";
    mark.setAttribute("aria-hidden", "true");
    var text = document.createElement("div");
    text.textContent = words;
    note.append(mark, text);
    var place = document.getElementById("notes");
    place.replaceChildren(note);
  }
  document.addEventListener("htmx:sendError", function () {
    say("网络不通，刚才的内容没有送出。您写的内容还在这个页面上，网络恢复后再试。");
  });
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if (status !== 401 && status !== 403) say("刚才没有办成。您写的内容还在这个页面上，请稍后再试；一再出现请告诉管理员。");
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
