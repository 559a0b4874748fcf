"""Mapping templates and what they see; paths into JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from labkit.runtime.gateway.call import Call
from labkit.runtime.gateway.jsonpath import look_up
from labkit.runtime.gateway.mapping import of_request, of_response
from labkit.runtime.gateway.messages import Headers, Incoming
from labkit.runtime.gateway.refusals import Refused
from labkit.runtime.gateway.templates import Overrides, render

ORDER = {
    "name": "Ana",
    "paid": True,
    "price": 12.5,
    "note": None,
    "seats": [{"row": "F", "seat": 7}, {"row": "G", "seat": 8}],
    "shop": {"town": "Bath"},
}


@pytest.fixture
def call() -> Call:
    incoming = Incoming(
        "POST",
        "a1.execute-api.us-east-1.amazonaws.com",
        "/prod/orders/7",
        "row=F&both=query",
        Headers([("X-Desk", "hall"), ("both", "header"), ("User-Agent", "tests")]),
        json.dumps(ORDER).encode(),
    )
    return Call(
        incoming=incoming,
        account="123456789012",
        region="us-east-1",
        api_id="a1",
        stage="prod",
        path="/orders/7",
        at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        request_id="00000000-0000-4000-8000-000000000000",
        extended_id="abc=",
        source_ip="203.0.113.25",
        stage_variables={"table": "orders"},
        resource_path="/orders/{id}",
        path_parameters={"id": "7"},
    )


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("$input.json('$.seats[0]')", '{"row":"F","seat":7}'),
        ("$input.json('$')", json.dumps(ORDER, separators=(",", ":"))),
        ("$input.json('$.missing')", '""'),
        ("$input.path('$.name')", "Ana"),
        ("$input.path('$.paid') $input.path('$.price')", "true 12.5"),
        ("[$input.path('$.missing')][$input.path('$.note')][$nothing]", "[][][]"),
        ("$input.path('$.shop')", "{town=Bath}"),
        ("$input.path('$.seats').size()", "2"),
        ("#foreach($s in $input.path('$.seats'))$s.row#if($foreach.hasNext),#end#end", "F,G"),
        ("#set($o = $input.path('$'))$o.shop.town", "Bath"),
        ("#if($input.path('$.paid'))yes#{else}no#end", "yes"),
        ("#foreach($k in $input.path('$.shop').keySet())$k#end", "town"),
        ("#foreach($e in $input.path('$.shop').entrySet())$e.key:$e.value#end", "town:Bath"),
        ("$input.params('id') $input.params('row') $input.params('X-Desk')", "7 F hall"),
        ("$input.params('both')", "query"),
        ("$input.params().path.id $input.params().querystring.row", "7 F"),
        ("$input.params('missing')|", "|"),
        ("$context.stage $context.httpMethod $context.identity.sourceIp", "prod POST 203.0.113.25"),
        ("$context.resourcePath $context.requestTimeEpoch", "/orders/{id} 1767603600000"),
        ("$stageVariables.table ${stageVariables.table}", "orders orders"),
        ("$util.base64Encode('seat')", "c2VhdA=="),
        ("$util.base64Decode('c2VhdA==')", "seat"),
        ("$util.urlEncode('a b&c') $util.urlDecode('a+b%26c')", "a+b%26c a b&c"),
        ("$util.parseJson('{\"a\": [1, 2]}').a.get(1)", "2"),
        ("## a comment\nrest", "rest"),
    ],
)
def test_what_a_template_sees(call: Call, template: str, text: str) -> None:
    assert render(template, call, call.text()) == text


def test_a_text_is_escaped_for_javascript(call: Call) -> None:
    body = json.dumps({"says": 'a "b"\nc'})

    shown = render('{"m": "$util.escapeJavaScript($input.path(\'$.says\'))"}', call, body)

    assert json.loads(shown) == {"m": 'a "b"\nc'}


def test_a_body_that_is_no_json_is_a_text(call: Call) -> None:
    assert render("$input.body|$input.path('$.a')", call, "plain") == "plain|"
    assert render("$input.json('$')", call, "") == "{}"


def test_a_template_that_fails_is_a_fault_of_the_api(call: Call) -> None:
    for template in ("#if($x)", "$util.parseJson('no json')"):
        with pytest.raises(Refused, match="A mapping template failed") as refused:
            render(template, call, "{}")
        assert refused.value.status == 500


def test_a_template_may_override_status_and_headers(call: Call) -> None:
    overrides = Overrides()
    template = (
        "#set($context.responseOverride.status = 418)"
        "#set($context.responseOverride.header.X-Desk = 'hall')x"
    )

    assert render(template.replace("X-Desk", "Desk"), call, "{}", overrides) == "x"

    assert overrides.status == 418
    assert overrides.headers == {"Desk": "hall"}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", ORDER),
        ("$.name", "Ana"),
        ("$['name']", "Ana"),
        ("$.seats[1].seat", 8),
        ("$.seats[-1].row", "G"),
        ("$.seats[*].row", ["F", "G"]),
        ("$..seat", [7, 8]),
        ("$.shop.*", ["Bath"]),
        ("$.seats[9]", None),
        ("$.name.first", None),
        ("$.a b", None),
        ("$.missing", None),
    ],
)
def test_paths_into_json(path: str, found: Any) -> None:
    assert look_up(ORDER, path) == found


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'fixed'", "fixed"),
        ("method.request.header.x-desk", "hall"),
        ("method.request.querystring.row", "F"),
        ("method.request.path.id", "7"),
        ("method.request.body.shop.town", "Bath"),
        ("method.request.body.seats[0]", '{"row":"F","seat":7}'),
        ("stageVariables.table", "orders"),
        ("context.identity.userAgent", "tests"),
        ("context.nothing", None),
        ("method.request.header.missing", None),
        ("nonsense", None),
    ],
)
def test_expressions_over_a_request(call: Call, expression: str, value: str | None) -> None:
    assert of_request(call, expression) == value


def test_expressions_over_a_response(call: Call) -> None:
    headers, body = Headers([("X-From", "a"), ("X-From", "b")]), '{"ids": {"a": 1}}'

    def value(expression: str) -> str | None:
        return of_response(call, expression, headers, body)

    assert value("integration.response.header.x-from") == "b"
    assert value("integration.response.multivalueheader.X-From") == "a,b"
    assert value("integration.response.body.ids.a") == "1"
    assert value("integration.response.body") == body
    assert value("context.stage") == "prod"
