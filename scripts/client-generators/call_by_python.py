"""Imports every module of the client of openapi-python-client and makes three calls with it."""

import importlib
import json
import pkgutil
import sys

import go_claw_client
from go_claw_client import AuthenticatedClient
from go_claw_client.api.agents import agents_list
from go_claw_client.api.open_ai_compatible import chat_completions
from go_claw_client.api.agents import agents_wake
from go_claw_client.models import ChatCompletionRequest, UserMessage, WakeInput

for module in pkgutil.walk_packages(go_claw_client.__path__, "go_claw_client."):
    importlib.import_module(module.name)

base_url, token = sys.argv[1:]
client = AuthenticatedClient(base_url=base_url, token=token)
agents = agents_list.sync(client=client)
request = ChatCompletionRequest(model="goclaw:openai", messages=[UserMessage(role="user", content="hello")])
chat = chat_completions.sync(client=client, body=request)
woken = agents_wake.sync("openai", client=client, body=WakeInput(message="hello"), x_go_claw_user_id="ada")
print(
    json.dumps(
        [
            [agent.agent_key for agent in agents.agents],
            chat.choices[0].message.content,
            woken.content,
        ]
    )
)
