/* The office's lists and tables: ticking a page, choosing units by keyboard. Everything works without it. */
(function () {
  "use strict";

  // --- Ticks: one box for the page, and how many are ticked ---
  function count(form) {
    var ticked = form.querySelectorAll("[data-pick]:checked").length;
    form.querySelectorAll("[data-picked]").forEach(function (words) {
      words.dataset.idle = words.dataset.idle || words.textContent;
      words.textContent = ticked ? (words.dataset.picked || "已选") + " " + ticked + " " + (words.dataset.unit || "件") : words.dataset.idle;
    });
    form.querySelectorAll("tbody tr").forEach(function (row) {
      var box = row.querySelector("[data-pick]");
      row.classList.toggle("sel", Boolean(box && box.checked));
    });
    var all = form.querySelector("[data-pick-all]");
    var boxes = form.querySelectorAll("[data-pick]:not(:disabled)");
    if (all) {
      all.hidden = !boxes.length;
      all.checked = ticked === boxes.length && ticked > 0;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    // 选中全部 is a second step: offered once the whole page is ticked.
    form.querySelectorAll("[data-pick-rest]").forEach(function (link) {
      link.hidden = !boxes.length || ticked < boxes.length;
    });
  }

  document.addEventListener("change", function (event) {
    var box = event.target;
    var form = box.closest && box.closest("form");
    if (!form) return;
    if (box.matches("[data-pick-all]")) {
      form.querySelectorAll("[data-pick]:not(:disabled)").forEach(function (each) { each.checked = box.checked; });
    }
    if (box.matches("[data-pick-all], [data-pick]")) count(form);
    if (box.closest(".co-pick")) name(box.closest(".co-pick"));
  });

  function name(picker) {
    var names = Array.prototype.map.call(picker.querySelectorAll("input:checked"), function (input) {
      return input.closest("label").textContent.trim();
    });
    picker.querySelector("[data-co-words]").textContent = names.length ? " " + names.join("、") : "";
  }

  function start(root) {
    root.querySelectorAll("form").forEach(count);
    root.querySelectorAll("[data-needs-js]").forEach(function (part) { part.hidden = false; });
  }

  // --- Units: a lead with co, or separate ones; never one unit twice ---
  function inputs(kind) {
    return document.querySelectorAll('.units-pick input[name="' + kind + '"]');
  }

  function settle(changed) {
    var row = changed.closest("tr");
    if (changed.checked && row) {
      row.querySelectorAll("input").forEach(function (other) {
        if (other !== changed) other.checked = false;
      });
      if (changed.name === "separate") {
        inputs("lead").forEach(function (each) { each.checked = each.value === ""; });
        inputs("co").forEach(function (each) { each.checked = false; });
      } else {
        inputs("separate").forEach(function (each) { each.checked = false; });
      }
    }
    say();
  }

  function say() {
    var words = document.getElementById("chosen-words");
    if (!words) return;
    var parts = [["lead", "主办"], ["co", "会办"], ["separate", "分办"]].map(function (kind) {
      var names = Array.prototype.filter.call(inputs(kind[0]), function (each) {
        return each.checked && each.value;
      }).map(function (each) { return each.getAttribute("aria-label").replace(/ \S+$/, ""); });
      return names.length ? names.join("、") + kind[1] : "";
    }).filter(Boolean);
    words.dataset.idle = words.dataset.idle || words.textContent;
    words.textContent = parts.length ? "交给" + parts.join("，") + "。" : words.dataset.idle;
  }

  document.addEventListener("change", function (event) {
    if (event.target.closest && event.target.closest(".units-pick table")) settle(event.target);
  });

  function shown() {
    return Array.prototype.filter.call(document.querySelectorAll(".units-pick tr[data-unit]"), function (row) {
      return !row.hidden;
    });
  }

  function find() {
    var words = document.getElementById("unit-find").value.trim();
    var system = document.getElementById("unit-system").value;
    document.querySelectorAll(".units-pick tbody").forEach(function (group) {
      var any = false;
      group.querySelectorAll("tr[data-unit]").forEach(function (row) {
        row.hidden = row.dataset.unit.indexOf(words) < 0 || (system && group.dataset.group !== system);
        any = any || !row.hidden;
      });
      group.hidden = !any;
    });
  }

  document.addEventListener("input", function (event) {
    if (event.target.id === "unit-find" || event.target.id === "unit-system") find();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.target.id !== "unit-find") return;
    event.preventDefault();
    var row = event.target.value.trim() ? shown()[0] : null;
    if (!row) return;
    var hasLead = Array.prototype.some.call(inputs("lead"), function (each) { return each.checked && each.value; });
    var box = row.querySelector('input[name="' + (hasLead ? "co" : "lead") + '"]');
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    event.target.value = "";
    find();
  });

  start(document);
  say();
  document.addEventListener("htmx:load", function (event) { start(event.detail.elt.parentNode || document); });
})();
