from __future__ import annotations

import pytest
from click.testing import CliRunner
from tango.common.exceptions import CliRunError

import tango_ie
from tango_ie.cli import main
from tango_ie.core.errors import ConfigurationError


def test_version() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert result.output.startswith(f"tango-ie {tango_ie.__version__} (tango 1.3.2, python 3.")


@pytest.mark.parametrize("command", ["run", "check", "rerun", "gc"])
def test_help(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert "--workspace" in result.output


def test_missing_config() -> None:
    result = CliRunner().invoke(main, ["run", "no_such.jsonnet"])
    assert result.exit_code == 2
    assert "no_such.jsonnet" in result.output


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (ConfigurationError("expected [1], found 2", "steps.a"), "error: steps.a: expected [1]"),
        (CliRunError(), ""),
    ],
)
def test_errors_for_users_have_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    shown: str,
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("tango_ie.commands.gc.collect_garbage", fail)
    with pytest.raises(SystemExit) as exit_:
        main(["gc"])
    assert exit_.value.code == 1
    assert capsys.readouterr().err.strip().startswith(shown)


def test_faults_of_ours_keep_their_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("tango_ie.commands.gc.collect_garbage", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        main(["gc"])
