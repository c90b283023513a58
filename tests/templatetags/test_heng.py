"""The small marks that every page speaks with."""

import re
from xml.etree import ElementTree

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation
from django.utils.html import format_html

from workflows.templatetags import charts, heng
from workflows.templatetags.drawings import DRAWINGS


def rendered(source: str, **values: object) -> str:
    """Render a template that has the tags loaded."""
    return Template("{% load heng i18n %}" + source).render(Context(values))


def parsed(drawing: str) -> ElementTree.Element:
    """Read an SVG drawing; an unsound one fails the test."""
    return ElementTree.fromstring(drawing)  # noqa: S314 -- our own drawings


class Promise(forms.Form):
    """A form with one control of each shape."""

    name = forms.CharField(help_text="As in the register")
    district = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    grounds = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("k", "K")])
    truth = forms.BooleanField()

    def clean(self) -> None:
        """Refuse the whole, so that the form has an error of no field."""
        raise forms.ValidationError("Two answers contradict each other")


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_a_drawing_is_sound_and_carries_no_style(name: str) -> None:
    drawing = parsed(heng.draw(name))

    assert drawing.attrib["viewBox"] == "0 0 20 20"
    assert {key for part in drawing.iter() for key in part.attrib} <= {
        *("class", "viewBox", "aria-hidden"),
        *("d", "cx", "cy", "r", "x", "y", "width", "height", "rx"),
    }


def test_a_drawing_without_words_is_silent() -> None:
    assert 'aria-hidden="true"' in rendered('{% icon "check" %}')


def test_a_drawing_with_words_says_them() -> None:
    html = rendered('{% icon "check" label=words %}', words='Done "well"')

    assert 'role="img" aria-label="Done &quot;well&quot;"' in html
    assert "aria-hidden" not in html


def test_an_unknown_drawing_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="unicorn"):
        rendered('{% icon "unicorn" %}')


def test_words_in_a_tag_are_escaped() -> None:
    assert rendered("{% tag words %}", words="<b>") == '<span class="tag">&lt;b&gt;</span>'


@translation.override("en")
def test_each_side_reads_its_own_word_for_a_state() -> None:
    applicant = rendered('{% state "returned" %}')
    staff = rendered('{% state "returned" "staff" %}')

    assert applicant == '<span class="tag tag-warn">Correction needed</span>'
    assert staff == '<span class="tag tag-warn">In correction (clock paused)</span>'


@translation.override("en")
def test_a_title_in_force_carries_a_tick() -> None:
    html = rendered('{% title_state "active" %}')

    assert "tag-ok" in html
    assert "<svg" in html


def test_the_last_crumb_is_this_page() -> None:
    html = rendered('{% crumbs "Home" "/" "Cases" "/cases/" "HR-1" %}')

    assert re.findall(r'<a href="([^"]+)">', html) == ["/", "/cases/"]
    assert '<li aria-current="page">HR-1</li>' in html


def test_crumbs_in_odd_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        heng.crumbs("Home", "Cases", "/cases/", "HR-1", "/x/", "y")


@pytest.mark.parametrize(
    ("done", "total", "width"), [(0, 5, 0), (2, 5, 80.0), (5, 5, 200), (7, 5, 200), (1, 0, 0)]
)
def test_a_bar_is_as_long_as_what_is_done(done: int, total: int, width: float) -> None:
    bar = parsed(charts.bar(done, total, "words"))

    assert float(bar[1].attrib["width"]) == width


def test_a_qr_code_names_where_it_leads() -> None:
    code = charts.qr("https://heng.example/v/7KQ4/", "Opens <this> page")

    assert 'role="img" aria-label="Opens &lt;this&gt; page"' in code
    assert code != charts.qr("https://heng.example/v/7KQ5/", "Opens <this> page")


@translation.override("en")
def test_a_vote_bar_is_full_and_says_its_numbers() -> None:
    drawing = parsed(charts.vote_bar(6, 1, 1, 6))

    widths = [float(part.attrib["width"]) for part in drawing.iter("rect")]
    assert sum(widths) == charts.VOTE_WIDTH
    assert drawing.attrib["aria-label"] == "6 agree, 1 against, 1 abstain; 6 needed to pass"


def test_the_summary_links_every_error_to_its_control() -> None:
    form = Promise({})
    html = heng.fields(form)

    pairs = heng.error_pairs(form)

    targets = [target for target, _ in pairs]
    assert targets == ["", "id_name", "id_district_0", "id_kind", "id_truth"]
    assert [target for target in targets if target and f'id="{target}"' not in html] == []


def test_controls_point_only_at_words_that_exist() -> None:
    html = heng.fields(Promise({}))

    described = {
        one for group in re.findall(r'aria-describedby="([^"]+)"', html) for one in group.split()
    }
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))

    ids = re.findall(r' id="([^"]+)"', html)
    assert described | labelled <= set(ids)
    assert len(ids) == len(set(ids))


def test_controls_wear_the_class_of_their_kind() -> None:
    html = heng.fields(Promise())

    assert re.search(r'<input[^>]*class="input"', html)
    assert re.search(r'<textarea[^>]*class="textarea"', html)
    assert re.search(r'<select[^>]*class="select"', html)


def test_a_hint_is_words_unless_it_was_made_as_mark_up() -> None:
    form = Promise()
    form.fields["name"].help_text = "As <b>typed</b>"
    form.fields["grounds"].help_text = format_html("<ul><li>{}</li></ul>", "One a line")

    html = heng.fields(form)

    assert "As &lt;b&gt;typed&lt;/b&gt;" in html
    assert "<ul><li>One a line</li></ul>" in html


def test_a_card_wraps_content_under_its_title() -> None:
    html = rendered('{% card _("Draft") id="x" %}<p>inside</p>{% endcard %}')

    assert 'aria-labelledby="x"' in html
    assert "<p>inside</p>" in html


def test_a_callout_takes_content_and_tone() -> None:
    html = rendered('{% callout "bad" title="Stop" level=3 alert=True %}<p>why</p>{% endcallout %}')

    assert '<div class="callout callout-bad" role="alert">' in html
    assert "<h3>Stop</h3>" in html
    assert "<p>why</p>" in html


@translation.override("zh-hans")
def test_the_language_switch_leads_to_the_same_page() -> None:
    request = RequestFactory().get("/notices/?page=2")
    request.resolver_match = resolve("/notices/")

    html = rendered('{% other_language_url "en" %}', request=request)

    assert html == "/en/notices/?page=2"


@translation.override("zh-hans")
def test_without_a_page_the_language_switch_leads_home() -> None:
    request = RequestFactory().get("/nowhere/")
    request.resolver_match = None

    assert rendered('{% other_language_url "en" %}', request=request) == "/en/"
