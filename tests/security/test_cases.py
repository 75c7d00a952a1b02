"""Which test holds each fault that an attack on the product found once; the faults stand here in short.

Each stands for its kind. A test that is renamed or removed is missed here, and no fault is without one.
"""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent

CASES: dict[str, tuple[str, ...]] = {
    # Broken values
    "half an emoji in a version stops the states, the registry and the recorder of the whole house": (
        "test_broken_values.py::test_version_of_a_hub",
        "test_broken_values.py::test_texts_of_a_system",
        "values/test_text.py",
    ),
    "a version of megabytes, states over 255 characters, totals of 1e308": (
        "test_broken_values.py::test_texts_of_a_system",
        "test_broken_values.py::test_numbers_of_a_hub",
    ),
    "a moment without a zone, or a size of 0, takes the entry down": (
        "test_broken_values.py::test_numbers_of_a_hub",
        "hub/test_state.py",
    ),
    "integers beyond a float, infinite sums": (
        "test_broken_values.py::test_numbers_of_a_hub",
        "values/test_number.py",
    ),
    "one impossible count makes restored states of the whole house unwritable": (
        "test_broken_values.py::test_totals_can_always_be_restored",
    ),
    "a sample of 1e308 takes the entry down": (
        "test_broken_values.py::test_texts_of_a_system",
        "fuzz/test_fuzz.py",
    ),
    "moments of the years 1 and 9999": ("values/test_moment.py", "fuzz/test_fuzz.py::test_changed_payloads"),
    "a quantity of a cluster, or a label, that nothing can keep": (
        "fuzz/test_fuzz.py::test_changed_payloads",
        "api/test_typed.py::test_what_is_not_typed_has_its_reason",
    ),
    # A model's words
    "an odd argument ends this turn and all later ones": (
        "agent/test_second_try.py::test_odd_value_ends_neither_this_turn_nor_the_next",
    ),
    "500 calls in one message": ("security/test_calls.py::test_500_calls",),
    "a warning of Python's parser for a model's words": ("agent/test_reader_fuzz.py",),
    # Work
    "patterns that are quadratic in a template, an error text, a mask": (
        "security/test_linear.py::test_pattern",
        "api/test_secrets.py::test_masking_is_linear",
    ),
    "3,000 models with update checks": ("test_update.py::test_very_many_models",),
    "5,000 pinned models are 10,001 repairs": (
        "test_broken_values.py::test_thousands_of_pinned_models_are_few_repairs",
    ),
    "a hub that takes seconds for each answer holds up the house": (
        "test_init.py::test_a_hub_that_hangs_does_not_keep_the_house_waiting",
        "test_monitor_faults.py::test_systems_that_hang_delay_nobody",
    ),
    "thousands of new alerts at each look fill the queue of the event": (
        "test_event.py::test_thousands_of_changes_are_all_told",
        "test_event.py::test_what_is_not_told_yet_ends_with_the_homelab",
    ),
    # Answers
    "answers that never end, of the package's own calls too": (
        "wire/test_wire.py::test_answer",
        "wire/test_wire.py::test_every_call_is_in_the_table",
    ),
    "a redirect or a charset that cannot be read": ("wire/test_wire.py::test_answer",),
    "a list of a cluster that goes on for ever": ("api/test_kubernetes.py::test_list_that_never_ends",),
    # Injection, second order
    "what a model repeated from a finding is obeyed a turn later": (
        "security/test_second_order.py::test_words_that_a_model_repeated",
    ),
    "a state that Home Assistant's own agent told is obeyed a turn later": (
        "security/test_second_order.py::test_state_that_home_assistant_has_told",
    ),
    "an image in an answer is fetched without a click": (
        "security/test_answers.py::test_answer_after_foreign_text",
        "security/test_answers.py::test_texts_of_problems",
        "security/test_answers.py::test_error_text_of_a_hub",
        "security/test_answers.py::test_answer_of_an_action",
        "frontend/test_browser.py::test_nothing_is_fetched_from_a_text",
    ),
    "one turn mutes everything, and shortens a person's mute": (
        "security/test_muting.py::test_everything_at_once",
        "security/test_muting.py::test_never_shorter_than_a_person",
        "security/test_muting.py::test_health_shows_it_and_the_logbook_tells",
    ),
    "a title or a version in the overview of the house switches the light": (
        "security/test_second_order.py::test_text_of_the_house",
        "agent/test_foreign.py",
    ),
    "a server says itself that its tools are harmless": ("agent/test_containment.py::test_barred",),
    # Secrets
    "secrets that come back in other spellings, and in answers that are no errors": (
        "api/test_secrets.py::test_a_secret_in_any_spelling",
        "security/test_secrets.py::test_secrets_stay_where_they_are",
    ),
    "a cookie of one app is sent to another": ("security/test_cookies.py",),
    # Set-up
    "an odd first answer takes the whole entry down": (
        "test_broken_values.py::test_an_odd_hub_breaks_itself_alone",
        "test_broken_values.py::test_an_odd_system_breaks_itself_alone",
    ),
    "what is removed while the homelab is set up takes it down": ("test_removed_in_setup.py",),
    # Logs
    "escapes, reordering and half characters in the log": (
        "api/test_border.py",
        "test_errors.py::test_text_of_an_error_is_one_plain_line",
    ),
    # Storage and time
    "a file of another shape or version keeps the homelab from loading": (
        "test_storage.py::test_a_file_that_cannot_be_read",
        "test_storage.py::test_a_file_of_wrong_types",
    ),
    "a kill loses a mute, and totals fall back": (
        "test_storage.py::test_a_mute_is_on_the_disk_within_seconds",
        "test_storage.py::test_totals_survive_a_kill",
    ),
    "a clock that is set loses a mute, and delays what is over": (
        "test_clock.py::test_mute_outlives_a_year_forward_and_back",
        "test_clock.py::test_solved_in_time_though_the_clock_is_set_back",
        "test_clock.py::test_both_changes_of_the_clock_by_law",
    ),
    "a hub that flaps raises an event each time": ("test_damping.py::test_flapping_for_ten_minutes",),
    "stopping in the middle of a turn takes half a minute": (
        "test_init.py::test_stopping_ends_what_is_under_way",
    ),
    "a certificate of another version counts as an outage": ("monitors/test_web.py::test_certificate",),
    "labels joined unescaped hide a critical alert": (
        "monitors/test_alerts.py",
        "monitors/test_alertmanager.py",
    ),
    "memory and files grow with a week of changes": ("test_week.py::test_days_of_changes",),
    "reloading leaves tasks, listeners or sessions": ("test_reload.py::test_reloads_leave_nothing",),
}


def _tests_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_a_test(case: str) -> None:
    assert CASES[case]
    for place in CASES[case]:
        file, _, name = place.partition("::")
        assert (TESTS / file).is_file(), place
        tests = {one for one in _tests_in(TESTS / file) if one.startswith("test_")}
        assert tests
        assert not name or name in tests, place
