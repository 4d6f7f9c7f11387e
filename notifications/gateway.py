"""One HTTP request to a gateway: no redirects, a time limit, an answer of bounded size, errors without secrets."""

import json
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

TIMEOUT = 10  # seconds
MAX_ANSWER = 64 * 1024


class GatewayError(Exception):
    """The gateway could not be reached or did not answer as it should. The words hold no address and no key."""


class Refused(Exception):
    """The gateway works but does not take this message; the words say why."""


class _NoRedirect(HTTPRedirectHandler):
    """A redirect could lead from an allowed host to any other."""

    def redirect_request(self, *args, **kwargs):
        return None


_opener = build_opener(_NoRedirect)


def post(url, body, headers, *, timeout=TIMEOUT):
    """POST `body` (bytes) and return the answer's text. Raises GatewayError for anything but a 2xx in time."""
    request = Request(url, data=body, headers=headers, method="POST")
    try:
        with _opener.open(request, timeout=timeout) as answer:
            return answer.read(MAX_ANSWER).decode("utf-8", "replace")
    except HTTPError as error:
        with error:
            raise GatewayError(f"网关回答 HTTP {error.code}") from None
    except TimeoutError:
        raise GatewayError(f"网关 {timeout:g} 秒内没有回答") from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise GatewayError(f"网关 {timeout:g} 秒内没有回答") from None
        # The name of the error alone: its text may hold the address, which is a key.
        raise GatewayError(f"连不上网关（{type(reason).__name__}）") from None


def read_json(text):
    """The answer as a JSON object. Raises GatewayError for anything else."""
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise GatewayError("网关的回答看不懂（不是 JSON 对象）")
    return answer
