"""`intentcast doctor`: what is well, what is not, what nobody knows; and for each trouble the way out."""

from __future__ import annotations

from intentcastd.cli.commands import command
from intentcastd.cli.exits import Exit
from intentcastd.cli.session import Session, pass_session

_MARK = {"yes": "ok", "no": "x", "not measured": "?"}


@command("doctor", "intentcast doctor")
@pass_session
def doctor(session: Session) -> int:
    """Look whether all is well. Each check answers yes, no or not measured; with a no the exit code is 1."""
    import msgspec

    from intentcastd.cli.checks import daemon_checks, local_checks
    from intentcastd.cli.safe_text import safe

    home = session.home
    checks = [*local_checks(home), *daemon_checks(home)]
    bad = [check for check in checks if check.answer == "no"]
    if session.out.json:
        session.out.document("doctor", {"well": not bad, "checks": msgspec.to_builtins(checks)})
        return Exit.FAILED if bad else Exit.DONE
    for check in checks:
        session.out.line(f"{_MARK[check.answer]:<2} {check.what}: {check.answer}  ({safe(check.found)})")
        if check.fix:
            session.out.line(f"     fix: {safe(session.out.hint(check.fix))}")
    unknown = sum(check.answer == "not measured" for check in checks)
    session.out.line(f"{len(checks) - len(bad) - unknown} yes, {len(bad)} no, {unknown} not measured")
    return Exit.FAILED if bad else Exit.DONE
