"""How a function's asynchronous events are handled: one setting, put whole or changed in part.

https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionEventInvokeConfig.html
"""

from __future__ import annotations

from labkit.fidelity.lambda_.common import API, backend
from labkit.fidelity.registry import rule
from labkit.sandbox.choke import Exchange, Params


@rule(
    "lambda",
    "PutFunctionEventInvokeConfig",
    when="after",
    follows=API + "PutFunctionEventInvokeConfig.html",
    corrects="moto goes on telling the setting that was put first",
)
def a_put_replaces_how_events_are_handled(exchange: Exchange, _: Params) -> None:
    """What is put takes the place of what was there, all of it.

    The same; to keep the other options, UpdateFunctionEventInvokeConfig.
    """
    function = backend(exchange).get_function(str(exchange.params["FunctionName"]))
    del function.event_invoke_config[:-1]


@rule(
    "lambda",
    "UpdateFunctionEventInvokeConfig",
    when="after",
    follows=API + "UpdateFunctionEventInvokeConfig.html",
    corrects="moto drops the options that are not named",
)
def an_update_leaves_the_other_options_alone(exchange: Exchange, answer: Params) -> Params:
    """An update changes the options that it names, and answers with all of them.

    The same.
    """
    function = backend(exchange).get_function(str(exchange.params["FunctionName"]))
    *earlier, newest = function.event_invoke_config
    if earlier:
        newest.config = {**earlier[-1].config, **newest.config}
    function.event_invoke_config = [newest]
    return {**answer, **newest.config}
