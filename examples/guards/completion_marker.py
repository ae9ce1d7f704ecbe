"""Lets the agent stop only when its last answer says that the task is complete. It is off until it is switched on."""
import event

MARKER = "Task complete."
NAMES = ("final_output", "last_assistant_message", "lastAssistantMessage", "prompt_response", "stop_response")

said = event.read()
answers = [said[name] for name in NAMES if isinstance(said.get(name), str)]
if answers and not any(MARKER in answer for answer in answers):
    event.block(f'Finish what was asked, then end your answer with "{MARKER}"')
