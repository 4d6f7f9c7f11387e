"""The steps of the main story as people do them on the pages; every step works with and without JavaScript.

A Stage holds one device per person. Deputies (林秀芝, 唐伯安) have phones 390 pixels wide, the others desks.
"""

from playwright.sync_api import expect

from proposals.models import Assignment, Proposal
from tests.cast import TEXT

PHONE, DESK = 390, 1360
ON_PHONES = frozenset({"lin", "tang", "xiao"})
# A busy machine may take long; what is expected is waited for, never slept for.
expect.set_options(timeout=45_000)


class Stage:
    """Devices of the people, and the case they work on."""

    def __init__(self, open_browser, cast, *, js=True):
        self.open_browser, self.cast, self.js = open_browser, cast, js
        self.devices = {}

    def at(self, who):
        """The page of a person, signed in; the same device each time."""
        if who not in self.devices:
            width = PHONE if who in ON_PHONES else DESK
            self.devices[who] = self.open_browser(width=width, js=self.js, user=self.cast.people[who])
        return self.devices[who]

    @property
    def proposal(self):
        return Proposal.objects.get()

    def place(self, unit):
        return Assignment.objects.filter(unit=self.cast.units[unit]).latest("pk")

    @property
    def case_path(self):
        return f"/proposals/{self.proposal.pk}/"

    # --- Looking ---------------------------------------------------------------------------------------

    def look(self, who, path=None):
        """The page of the case (or `path`) as this person sees it now."""
        page = self.at(who)
        page.goto(path or self.case_path)
        return page

    def sees(self, who, *words, path=None, but_not=()):
        """Assert what stands, and what does not stand, in the body of the page."""
        page = self.look(who, path)
        main = page.locator("#main")
        for each in words:
            expect(main).to_contain_text(each)
        for each in but_not:
            expect(main).not_to_contain_text(each)
        return page

    def turn_is(self, *words, **by_person):
        """Assert 现在轮到 as each person reads it: turn_is(lin="联工委", su="您")."""
        for who, shown in by_person.items():
            expect(self.look(who).locator(".head-card .turn .v").first).to_contain_text(shown)

    def buttons_of(self, who):
        """The words of the buttons that this person has on the page of the case, without what is folded away."""
        page = self.look(who)
        return [words.strip() for words in page.locator(".case-acts .btn:not(summary)").all_inner_texts()]

    def does_not_exist_for(self, *people, path=None):
        for who in people:
            response = self.at(who).goto(path or self.case_path)
            assert response.status == 404, f"{who}: {response.status}"

    # --- Doing -----------------------------------------------------------------------------------------

    def pick(self, page, name, value):
        """Choose one of the big radio buttons."""
        page.locator(f"label:has(input[name={name}][value='{value}'])").click()

    def write_texts(self, page, text=TEXT):
        """Fill in the three parts of the writing form; the points are the caller's."""
        page.locator("[name=title]").fill(text["title"])
        page.locator("[name=situation]").fill(text["situation"])
        page.locator("[name=analysis]").fill(text["analysis"])

    def cosign(self, who="tang"):
        page = self.look(who, "/my/")
        page.get_by_role("link", name="看内容，再决定").click()
        expect(page.locator("h1")).to_have_text(self.proposal.title)
        page.get_by_role("button", name="同意附议").click()
        page.wait_for_url("**/my/")

    def file(self):
        """From the worklist through the review page."""
        page = self.look("su", "/work/?queue=review")
        page.get_by_role("link", name=self.proposal.title, exact=True).click()
        page.wait_for_url("**/review/**")
        page.locator("#action-form select[name=category]").select_option(label="社会建设")
        page.get_by_role("button", name="立案", exact=True).click()
        page.wait_for_url("**/work/**")

    def assign(self, lead="civil", co=("finance",)):
        page = self.look("su", "/work/?queue=assign")
        page.get_by_role("link", name=self.proposal.title, exact=True).click()
        page.wait_for_url("**/assign/**")
        self.choose_units(page, lead, co)
        page.locator(".bottombar button.btn-primary").click()
        page.wait_for_url("**/work/**")

    def choose_units(self, page, lead, co=()):
        units = self.cast.units
        page.locator(f"input[name=lead][value='{units[lead].pk}']").check()
        for key in co:
            page.locator(f"input[name=co][value='{units[key].pk}']").check()

    def accept(self, who):
        """签收 by the button of the row in the inbox."""
        page = self.look(who, "/inbox/")
        page.locator(f"button[name=one]:has-text('{self.proposal.title}')").click()
        expect(page.locator("#notes")).to_contain_text("已签收 1 件")

    def log_contact(self, who="chen", unit="civil", files=()):
        page = self.look(who, f"/assignments/{self.place(unit).pk}/log_contact/")
        self.pick(page, "stage", "before")
        self.pick(page, "mode", "visit")
        page.locator("[name=people]").fill("副局长 邓佩文等 3 人")
        page.locator("[name=words]").fill("听取对助餐点选址的意见，代表希望先建独居老人多的社区。")
        if files:
            page.locator("[name=files]").set_input_files(list(files))
        page.locator("#action-form .btn-primary").click()
        page.wait_for_url(f"**{self.case_path}")

    def give_opinion(self, who="gao", unit="finance", words="补助资金 60 万元已列入预算。"):
        page = self.look(who, f"/assignments/{self.place(unit).pk}/give_opinion/")
        page.locator("[name=words]").fill(words)
        page.locator("#action-form .btn-primary").click()
        page.wait_for_url(f"**{self.case_path}")

    def write_reply(self, page, answers, reply_class="solved"):
        """Fill in the reply editor that is open on `page`."""
        for number, answer in enumerate(answers, start=1):
            page.locator(f"[name=state_{number}]").select_option("doing")
            page.locator(f"[name=answer_{number}]").fill(answer)
        self.pick(page, "reply_class", reply_class)
        page.locator("[name=doc_no]").fill("澜民函〔2026〕56号")
        page.locator("[name=contact_person]").fill("陈晓岚")
        page.locator("[name=contact_phone]").fill("8866 1032")

    def send_reply(self, page):
        page.locator(".bottombar button[value=send]").click()
        page.wait_for_url(f"**{self.case_path}")

    def reply(self, answers, who="chen", unit="civil"):
        page = self.look(who, f"/assignments/{self.place(unit).pk}/reply/")
        self.write_reply(page, answers)
        self.send_reply(page)

    def sign(self, who="fang"):
        page = self.look(who, "/signing/")
        page.locator("#main a.btn-primary").first.click()
        page.wait_for_url("**/sign/")
        page.get_by_role("button", name="签发", exact=True).click()

    def rate(self, attitude, result, words="", unit="civil"):
        """Fill in and send the rating form on the page of the case."""
        page = self.look("lin")
        form = page.locator(f"#rate-{self.place(unit).pk} form")
        form.locator(f"label:has(input[name=attitude][value={attitude}])").click()
        form.locator(f"label:has(input[name=result][value={result}])").click()
        form.locator("[name=words]").fill(words)
        form.get_by_role("button", name="提交测评").click()
        return page

    def order_redo(self, reason, lead="civil"):
        page = self.look("su", "/work/?queue=judge")
        page.locator("#queue").get_by_role("link", name="责成重新办理").click()
        page.wait_for_url("**/order_redo/**")
        page.locator("label:has(input[name=cause][value=dissatisfied])").click()
        page.locator("[name=reason]").fill(reason)
        for box in page.locator("input[name=co]:checked").all():
            box.uncheck()
        self.choose_units(page, lead)
        page.locator("#action-form .btn-primary").click()
        page.wait_for_url("**/work/**")
