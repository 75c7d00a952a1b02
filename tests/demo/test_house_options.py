"""The command line of scripts/demo."""

from pathlib import Path

import pytest

from demo.house.options import Options, parsed


def test_without_arguments_the_defaults_hold() -> None:
    assert parsed([]) == Options()


def test_everything_can_be_said() -> None:
    options = parsed(
        [
            *(
                "--once",
                "--patient",
                "--no-tour",
                "--verbose",
                "--keep",
                "--hub",
                "http://hub:11434",
                "--api-key",
                "secret",
                "--model",
                "qwen3:8b",
            ),
            *("--language", "de", "--host", "0.0.0.0", "--port", "8200", "--directory", "/tmp/house"),
            *(
                "--screenshots",
                "/tmp/pictures",
                "--page",
                "/config",
                "--page",
                "/home > Edit",
                "--height",
                "1",
            ),
        ]
    )
    assert options == Options(
        once=True,
        patient=True,
        tour=False,
        verbose=True,
        hub="http://hub:11434",
        api_key="secret",
        model="qwen3:8b",
        language="de",
        host="0.0.0.0",
        port=8200,
        keep=True,
        directory=Path("/tmp/house"),
        screenshots=Path("/tmp/pictures"),
        pages=("/config", "/home > Edit"),
        height=1,
    )


def test_relative_folders_are_those_of_the_caller(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    options = parsed(["--directory", "house", "--screenshots", "pictures"])
    assert (options.directory, options.screenshots) == (tmp_path / "house", tmp_path / "pictures")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--page", "/home"], "--page needs --screenshots"),
        (["--language", "fr"], "invalid choice"),
        (["--port", "web"], "invalid int value"),
    ],
)
def test_what_makes_no_sense_is_said(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parsed(arguments)
    assert complaint in capsys.readouterr().err
