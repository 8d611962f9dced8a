"""Markdown, two languages, times: what a page shows of content."""

import datetime as dt
import time
from html.parser import HTMLParser

import pytest
from django.utils import translation

from courses.models import Topic
from web.templatetags.web import course_deadline, course_time
from web.text import localized, render_markdown


class Tags(HTMLParser):
    """The elements of some HTML: [(tag, {attribute: value})]."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**손실(loss)**은 작다", "<strong>손실(loss)</strong>은"),
        ('**"굵게"**는', '<strong>"굵게"</strong>는'),
        ("이것은**중요(!)**합니다", "이것은<strong>중요(!)</strong>합니다"),
        ("**굵게**, 그리고", "<strong>굵게</strong>, 그리고"),
        ("값은 *기울기*입니다", "<em>기울기</em>입니다"),
        ("**`x.view(-1)`**을 쓴다", "<strong><code>x.view(-1)</code></strong>을"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("가 * 나 * 다", "가 * 나 * 다"),
        ("**bold** text", "<strong>bold</strong> text"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_emphasis_beside_korean_letters(source, html):
    assert html in render_markdown(source)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        '<a href="https://x" style="position:fixed" onclick="x()">y</a>',
        "$<img src=x onerror=alert(1)>$",
        "$$\n</div><script>alert(1)</script>\n$$",
        '```"><script>alert(1)</script>\ncode\n```',
        "| a |\n|:-:|\n| <b onmouseover=x()>b</b> |",
    ],
)
def test_nothing_in_content_can_run(source):
    tags = Tags(render_markdown(source)).found
    assert {tag for tag, _attributes in tags} & {
        "script",
        "style",
        "iframe",
        "object",
        "form",
        "svg",
    } == set()
    names = {name for _tag, attributes in tags for name in attributes}
    assert [name for name in names if name.startswith("on") or name == "style"] == []
    addresses = [attributes.get(name, "") for _tag, attributes in tags for name in ("href", "src")]
    assert [address for address in addresses if address.lower().startswith(("javascript:", "data:"))] == []


def test_the_reader_of_that_test_sees_what_a_browser_would():
    assert Tags('<b onclick="x">').found == [("b", {"onclick": "x"})]


def test_formulas_are_left_for_katex():
    html = render_markdown(r"가중치 $w_{ij} < 1$은" + "\n\n$$\n\\frac{a}{b}\n$$\n")
    assert '<span class="math inline">w_{ij} &lt; 1</span>' in html
    assert '<div class="math block">' in html


def test_prices_are_no_formula():
    assert "math" not in render_markdown("from $100 to $ 200")


def test_code_is_coloured_by_classes_and_tables_aligned_by_classes():
    html = render_markdown("```python\ndef f(): return 1\n```\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n")
    assert '<span class="k">def</span>' in html
    assert '<td class="align-right">2</td>' in html
    assert "style=" not in html


@pytest.mark.parametrize(
    "source", ["*" * 60_000, "[" * 60_000, "**가" * 30_000, "> " * 5_000 + "x", "$" * 60_000, "`" * 60_000]
)
def test_adversarial_text_takes_no_long_time(source):
    started = time.process_time()
    render_markdown(source)
    assert time.process_time() - started < 10  # a quadratic parser takes minutes


def test_text_falls_back_to_the_other_language():
    topic = Topic(title_ko="손실함수", title_en="")
    with translation.override("en"):
        assert localized(topic, "title") == "손실함수"
    assert localized({"stem_ko": "", "stem_en": "Loss"}, "stem") == "Loss"
    assert localized({}, "stem") == ""


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("ko", dt.datetime(2026, 3, 16, 15, 5, tzinfo=dt.UTC), "2026. 3. 17. (화) 00:05"),
        ("en", dt.datetime(2026, 3, 16, 15, 5, tzinfo=dt.UTC), "Tue 17 Mar 2026, 00:05"),
        ("ko", dt.date(2026, 3, 17), "2026. 3. 17. (화)"),
        ("en", dt.date(2026, 3, 17), "Tue 17 Mar 2026"),
        ("ko", None, "–"),
    ],
)
def test_times_are_korean_time(language, value, text):
    with translation.override(language):
        assert course_time(value) == text


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("ko", dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC), "2026. 11. 20. (금) 24:00"),
        ("en", dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC), "Fri 20 Nov 2026, 24:00"),
        ("ko", dt.datetime(2026, 12, 31, 15, 0, tzinfo=dt.UTC), "2026. 12. 31. (목) 24:00"),
        ("ko", dt.datetime(2026, 11, 20, 15, 1, tzinfo=dt.UTC), "2026. 11. 21. (토) 00:01"),
        ("ko", dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC), "2026. 11. 20. (금) 18:00"),
        ("ko", None, "–"),
    ],
)
def test_a_deadline_at_midnight_belongs_to_the_day_that_ends(language, value, text):
    with translation.override(language):
        assert course_deadline(value) == text


def test_midnight_is_that_of_the_courses_zone():
    value = dt.datetime(2026, 11, 21, 0, 0, tzinfo=dt.UTC)
    with translation.override("ko"):
        assert course_deadline(value, "UTC") == "2026. 11. 20. (금) 24:00"
        assert course_deadline(value) == "2026. 11. 21. (토) 09:00"
