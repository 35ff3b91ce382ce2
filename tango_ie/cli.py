"""The command ``tango-ie``, beside Tango's own: runs of several configs, and their results."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

import click
from tango.common.exceptions import CliRunError, ConfigurationError
from tango.version import VERSION as TANGO_VERSION

import tango_ie
from tango_ie.commands.session import show_error

_CONFIG = click.Path(exists=True, dir_okay=False, path_type=Path)


class _PlainErrors(click.Group):
    """Prints an error that is meant for the user as one message."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (CliRunError, ConfigurationError) as error:
            # Empty when a step has failed: its error has been printed by then.
            if str(error):
                show_error(str(error))
            ctx.exit(1)


@click.group(cls=_PlainErrors, context_settings={"max_content_width": 100})
@click.version_option(
    tango_ie.__version__,
    prog_name="tango-ie",
    message=f"%(prog)s %(version)s (tango {TANGO_VERSION}, python {platform.python_version()})",
)
def main() -> None:
    """Run and look after experiments in information extraction."""


def _config_options(command: Any) -> Any:
    """The options of commands that read configs."""
    for option in reversed(
        (
            click.argument("configs", nargs=-1, required=True, type=_CONFIG),
            click.option(
                "-D",
                "--ext-var",
                "ext_vars",
                multiple=True,
                metavar="NAME=VALUE",
                help="An external variable of Jsonnet; may be repeated.",
            ),
            click.option(
                "-o",
                "--overrides",
                default="",
                help="Values to replace, as JSON: '{\"steps.train.seed\": 2}'.",
            ),
            click.option(
                "-i",
                "--include-package",
                "packages",
                multiple=True,
                help="A package to import, besides those that tango.yml names; may be repeated.",
            ),
            _workspace_option,
        )
    ):
        command = option(command)
    return command


_workspace_option = click.option(
    "-w",
    "--workspace",
    "workspace_url",
    help="A folder or URL, instead of the workspace that tango.yml names.",
)


@main.command(short_help="Run the steps of one or several configs.")
@_config_options
@click.option("-s", "--step-name", "steps", multiple=True, help="Only this step and its inputs.")
@click.option("-n", "--name", help="A name for the run.")
@click.option("-j", "--parallelism", type=int, help="Steps at a time.")
def run(configs: tuple[Path, ...], **options: Any) -> None:
    """Run the steps of one or several CONFIGS; what they share is computed once.

    With several files, a step is named FILE.STEP.
    """
    from tango_ie.commands.run import run_configs

    run_configs(configs, **options)


@main.command(short_help="Build every object, and show what is cached.")
@_config_options
def check(configs: tuple[Path, ...], **options: Any) -> None:
    """Build every object of CONFIGS without training, and show what is cached."""
    from tango_ie.commands.check import check_configs

    check_configs(configs, **options)


@main.command(short_help="Compute a step and all that depends on it once more.")
@click.argument("step")
@click.option("--run", "run_name", help="The run that has the step; by default the latest.")
@_workspace_option
def rerun(step: str, run_name: str | None, workspace_url: str | None) -> None:
    """Compute STEP and all that depends on it once more.

    STEP is a name in the run, or the beginning of a unique id. The old results come back if this
    fails.
    """
    from tango_ie.commands.rerun import rerun_step

    rerun_step(step, run_name, workspace_url)


@main.command(short_help="Draw a report, a corpus, or single sentences in the terminal.")
@click.argument("step")
@click.argument("number", type=click.IntRange(min=0), required=False)
@click.option("--find", metavar="TEXT", help="Only sentences with this text.")
@click.option("-n", "--count", type=click.IntRange(min=1), default=1, help="How many sentences.")
@click.option("--split", help="Of a corpus; by default its first.")
@click.option("--run", "run_name", help="The run that has the step; by default the latest.")
@_workspace_option
def show(step: str, number: int | None, **options: Any) -> None:
    """Draw what STEP has made: a report, a corpus, or (from NUMBER on) sentences of it.

    Sentences of predictions are drawn with gold and what was found. STEP is a name in the run, or
    the beginning of a unique id.
    """
    from tango_ie.commands.show import show_step

    show_step(step, number, **options)


@main.command(short_help="Compare the evaluated models of finished runs.")
@click.argument("runs", nargs=-1)
@click.option("--where", multiple=True, metavar="FIELD=VALUE", help="Only models made like this.")
@click.option("--split", default="test", show_default=True, help="Which evaluations count.")
@click.option("--baseline", help="The variant that the others are compared with.")
@click.option("--rule", help="Compare by another rule, such as 'relations strict'.")
@click.option(
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("report"),
    show_default=True,
    help="A new folder for the report.",
)
@_workspace_option
def compare(runs: tuple[str, ...], **options: Any) -> None:
    """Compare what RUNS have evaluated (by default all runs), and write a report.

    Models that differ in their seed alone are one variant, named by the fields of its config in
    which it differs from the others.
    """
    from tango_ie.commands.compare import compare_runs

    compare_runs(runs, **options)


@main.command(short_help="List, and with --yes remove, what nobody needs.")
@click.option("--yes", "remove", is_flag=True, help="Remove it, instead of listing it only.")
@click.option("--keep", type=click.IntRange(min=0), help="Drop all runs but the N latest.")
@click.option("--drop-run", "drop_runs", multiple=True, help="Drop this run; may be repeated.")
@_workspace_option
def gc(
    remove: bool, keep: int | None, drop_runs: tuple[str, ...], workspace_url: str | None
) -> None:
    """List what the workspace could do without: results that no run refers to, and leftovers."""
    from tango_ie.commands.gc import collect_garbage

    if keep is not None and drop_runs:
        raise click.UsageError("--keep and --drop-run exclude each other")
    collect_garbage(remove, keep, drop_runs, workspace_url)


if __name__ == "__main__":
    main()
