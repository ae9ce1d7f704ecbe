"""Who may ask what."""

from .texts import named_in


async def check_allowed(prompt: str, topics: list[str], **event) -> dict | None:
    topic = named_in(prompt, topics)
    if topic is None:
        return None
    return {"decision": "deny", "reason": f"Prompts about {topic} are not answered."}
