/* The reply editor: autosave every 20 seconds and on leaving a field, rows and quotations without a reload.
   And the sign page: ticked places go into the reason. Everything works without it, by posting. */
(function () {
  "use strict";

  var EVERY = 20000;
  var form = document.getElementById("reply-form");
  if (form) edit(form);
  document.querySelectorAll("[data-into]").forEach(reasons);

  function edit(form) {
    var status = document.getElementById("autosave");
    var dirty = false, busy = false, stopped = false, waiting = null, leaving = false, timer = null;

    function save() {
      if (dirty && !busy && !stopped && !leaving && window.htmx) {
        dirty = false;
        window.htmx.trigger(status, "autosave");
      }
    }
    function touched() { dirty = true; }

    form.addEventListener("input", function (event) {
      if (event.target.type !== "file" && event.target.name.indexOf("quote_to_") !== 0) touched();
    });
    form.addEventListener("focusout", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 500);
    });
    window.setInterval(save, EVERY);

    status.addEventListener("htmx:beforeRequest", function () { busy = true; });
    status.addEventListener("htmx:afterRequest", function (event) {
      busy = false;
      if (event.detail.xhr.status === 0 || event.detail.xhr.status >= 500) {
        dirty = true;
        status.textContent = "没有连上，过一会儿再自动保存。您写的内容还在本页。";
      }
      if (waiting) {
        var button = waiting;
        waiting = null;
        form.requestSubmit(button);
      }
    });
    status.addEventListener("htmx:afterSwap", function () {
      stopped = Boolean(status.querySelector("[data-stop]"));
    });

    // A save that is on its way has a newer counter than the page; sending before it comes back would conflict.
    form.addEventListener("submit", function (event) {
      window.clearTimeout(timer);
      if (busy && event.submitter) {
        event.preventDefault();
        waiting = event.submitter;
        return;
      }
      leaving = true;
    });
    window.addEventListener("pageshow", function () { leaving = false; });
    window.addEventListener("beforeunload", function (event) {
      if (dirty && !leaving) event.preventDefault();
    });

    form.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      if (button.value === "add_commitment") addRow();
      else if (button.name === "drop_commitment") dropRow(button);
      else if (button.name === "quote") quote(button.value);
      else return;
      event.preventDefault();
      touched();
    });

    function rows() { return document.getElementById("commitment-rows"); }
    function number() {
      Array.prototype.forEach.call(rows().rows, function (row, index) {
        row.querySelectorAll("[aria-label]").forEach(function (control) {
          control.setAttribute("aria-label", control.getAttribute("aria-label").replace(/第 \d+ 项/, "第 " + (index + 1) + " 项"));
        });
        row.querySelector("button").value = index + 1;
      });
    }
    function addRow() {
      rows().appendChild(document.getElementById("commitment-row").content.cloneNode(true));
      number();
      rows().lastElementChild.querySelector("input").focus();
    }
    function dropRow(button) {
      var row = button.closest("tr");
      var next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      number();
      (next ? next.querySelector("input") : form.querySelector("[value=add_commitment]")).focus();
    }
    function quote(pk) {
      var words = document.getElementById("opinion-" + pk).dataset.quotation;
      var answer = document.getElementById("id_answer_" + document.getElementById("quote_to_" + pk).value);
      var written = answer.value.replace(/\s+$/, "");
      answer.value = written ? written + "\n" + words : words;
      answer.focus();
    }
  }

  function reasons(group) {
    var target = document.getElementById(group.dataset.into);
    group.hidden = false;
    group.addEventListener("change", function (event) {
      var words = event.target.value + "：";
      if (event.target.checked && target.value.indexOf(words) < 0) {
        target.value = (target.value.trim() ? target.value.replace(/\s+$/, "") + "\n" : "") + words;
      } else if (!event.target.checked) {
        target.value = target.value.split("\n").filter(function (line) { return line.trim() !== words; }).join("\n");
      }
      target.focus();
    });
  }
})();
