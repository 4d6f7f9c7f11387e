/* 催办: a phrase is put into the text without leaving the page. Without scripts its link does the same. */
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    var chip = event.target.closest && event.target.closest("a[data-phrase]");
    if (!chip) return;
    event.preventDefault();
    var words = document.getElementById("id_words");
    words.value = chip.dataset.phrase;
    document.getElementById("id_answer_by").value = chip.dataset.answerBy;
    document.querySelectorAll("a[data-phrase]").forEach(function (each) {
      if (each === chip) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    });
    words.focus();
  });
})();
