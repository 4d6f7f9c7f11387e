/* The writing page: numbered points in place, counters, autosave every 20 seconds and on leaving a field.
   Without this script every button posts the form back and the server does the same. */
(function () {
  "use strict";

  var form = document.getElementById("write");
  if (!form) return;
  var points = form.querySelector(".points");
  var most = Number(document.getElementById("points").dataset.max);
  var template = document.getElementById("point-template");

  // --- Points ---
  function renumber() {
    var rows = points.querySelectorAll(".point");
    rows.forEach(function (row, index) {
      var number = index + 1;
      row.id = "point-" + number;
      row.querySelector(".stepno").textContent = number;
      row.querySelector("textarea").setAttribute("aria-label", "具体建议第 " + number + " 条");
      row.querySelectorAll("button[data-act]").forEach(function (button) {
        var words = { up: "第 " + number + " 条上移", down: "第 " + number + " 条下移", del: "删除第 " + number + " 条" };
        button.value = button.dataset.act + "-" + number;
        button.setAttribute("aria-label", words[button.dataset.act]);
      });
      row.querySelector("[data-act=up]").disabled = index === 0;
      row.querySelector("[data-act=down]").disabled = index === rows.length - 1;
    });
    form.querySelector("[data-act=add]").disabled = rows.length >= most;
  }

  var acts = {
    add: function () {
      points.appendChild(template.content.cloneNode(true));
      points.lastElementChild.querySelector("textarea").focus();
    },
    up: function (row) {
      if (row.previousElementSibling) points.insertBefore(row, row.previousElementSibling);
    },
    down: function (row) {
      if (row.nextElementSibling) points.insertBefore(row.nextElementSibling, row);
    },
    del: function (row) {
      var neighbour = row.nextElementSibling || row.previousElementSibling;
      if (neighbour) {
        row.remove();
        neighbour.querySelector("textarea").focus();
      } else {
        row.querySelector("textarea").value = "";
      }
    }
  };
  form.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-act]");
    if (!button) return;
    event.preventDefault();
    acts[button.dataset.act](button.closest(".point"));
    renumber();
    if (button.dataset.act === "up" || button.dataset.act === "down") button.focus();
    soon();
  });
  renumber();

  // --- Counters: characters as people count them, so that 𠮷 and an emoji are one each ---
  function count(field) {
    var shown = form.querySelector('[data-counts="' + field.id + '"]');
    if (!shown) return;
    var length = Array.from(field.value).length;
    var advised = Number(shown.dataset.advised);
    if (!advised) {
      shown.textContent = "，现在 " + length + " 字";
      return;
    }
    shown.parentNode.classList.toggle("warn-t", length > advised);
    shown.textContent = length > advised
      ? "现在 " + length + " 字，超过 " + (length - advised) + " 字，建议精简到 " + advised + " 字以内"
      : advised + " 字以内，现在 " + length + " 字";
  }
  form.addEventListener("input", function (event) {
    if (event.target.id) count(event.target);
  });

  // Return in the title or in a single-line field must not send the whole form.
  form.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.target.hasAttribute("data-one-line") || event.target.matches("input[list]")) event.preventDefault();
    if (event.target.id === "invitee") {
      event.preventDefault();
      form.querySelector("button[value=invite]").click();
    }
  });

  // --- Autosave ---
  function text() {
    return Array.from(new FormData(form).entries()).filter(function (entry) {
      return typeof entry[1] === "string" && !/^(draft_version|request_id|_who|csrfmiddlewaretoken|invitee)$/.test(entry[0]);
    }).map(String).join("\u0000");
  }
  var saved = text();
  var timer = 0;
  var underway = false;
  var waiting = null;

  function autosave() {
    var status = document.getElementById("autosave");
    if (underway || form.dataset.sent || !status || status.hasAttribute("data-stop") || text() === saved) return;
    window.htmx.trigger(status, "autosave");
  }
  function soon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(autosave, 1000);
  }
  window.setInterval(autosave, 20000);
  form.addEventListener("change", soon);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") autosave();
  });

  var sending = "";
  document.body.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.id !== "autosave") return;
    underway = true;
    sending = text();
  });
  document.body.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.id !== "autosave" && event.detail.target && event.detail.target.id !== "autosave") return;
    underway = false;
    if (event.detail.successful) saved = sending;
    if (waiting) {
      var button = waiting;
      waiting = null;
      form.requestSubmit(button);
    }
  });

  // A button pressed while an autosave is on its way waits for it: two saves at once would look like two windows.
  form.addEventListener("submit", function (event) {
    window.clearTimeout(timer);
    if (!underway) {
      saved = text();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    waiting = event.submitter;
  });

  window.addEventListener("beforeunload", function (event) {
    if (text() !== saved && !form.dataset.sent) event.preventDefault();
  });
})();
