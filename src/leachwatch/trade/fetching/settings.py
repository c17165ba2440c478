"""Everything that a fetch takes for granted, with unit and source."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FetchSettings"]


@dataclass(frozen=True)
class FetchSettings:
    """Limits of UN Comtrade, and how long it is waited for.

    What UN Comtrade says of itself is called "documented"; the rest is ours.

    Attributes
    ----------
    base_url : str
        Where the API is. Anything but https is refused, except on this machine.
    most_periods : int
        Years or months in one call; documented.
    most_address : int
        Signs of an address; documented: a longer one is refused.
    most_rows, most_preview_rows : int
        Rows of one answer, with a key and without; documented. An answer of just as many was cut there.
    calls_a_day : int
        Calls that a free key has in 24 hours; documented (older pages say 250).
    pause : float
        Wait between two calls, seconds: there is a limit a second that is not documented.
    tries : int
        Requests for the same thing, the first included.
    first_tries : int
        Of them where nobody takes the connection: a wrong address or no network, which waiting does not mend.
    backoff : float
        Wait before the second try, seconds; doubled each time. A ``Retry-After`` goes before it.
    longest : float
        Longest wait, seconds; a host that asks for more ends the fetch, which says when to go on.
    timeout : float
        Longest silence on a connection, seconds; wide queries take a minute to begin.
    whole : float
        Longest time for one answer, seconds.
    most_bytes : int
        Of one answer; 100,000 rows have about 120 MB.
    redirects : int
        Times that a request may be sent elsewhere on the same host.
    release_age : float
        Hours for which it is not asked again what is released.
    """

    base_url: str = "https://comtradeapi.un.org"
    most_periods: int = 12
    most_address: int = 4096
    most_rows: int = 100_000
    most_preview_rows: int = 500
    calls_a_day: int = 500
    pause: float = 1.0
    tries: int = 6
    first_tries: int = 2
    backoff: float = 2.0
    longest: float = 120.0
    timeout: float = 90.0
    whole: float = 600.0
    most_bytes: int = 1 << 28
    redirects: int = 3
    release_age: float = 24.0
