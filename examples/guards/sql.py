"""Blocks SQL that drops or empties tables, or changes all rows of one: DROP, TRUNCATE, DELETE and UPDATE without WHERE."""
import re

import event
import shell

CLIENTS = ("psql", "mysql", "mariadb", "sqlite3", "sqlcmd", "duckdb", "clickhouse-client", "snowsql", "bq", "cockroach")
# Texts, names in quotes, and comments are no statements.
QUIET = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$", re.DOTALL)


def problem(text):
    for statement in QUIET.sub(" '' ", text).split(";"):
        words = statement.upper().split()
        if re.search(r"\b(?:DROP\s+(?:TABLE|DATABASE|SCHEMA|COLUMN|VIEW)|TRUNCATE\s+(?:TABLE\s+)?[\w'])", " ".join(words)):
            return "This drops or empties data. Let a person run it."
        changes = re.search(r"\b(?:DELETE\s+FROM|UPDATE\s+\S+\s+SET)\b", " ".join(words))
        if changes and "WHERE" not in words:
            return "This changes every row of a table: add a WHERE."
    return None


said = event.read()
given = event.tool_input(said)
# A web search has a query too.
is_database = re.search(r"sql|query|postgres|mysql|maria|sqlite|database|(?:^|_)db|snowflake", str(said.get("tool_name", said.get("toolName", ""))), re.IGNORECASE)
queries = [given[name] for name in ("query", "sql", "statement") if is_database and isinstance(given.get(name), str)]
for pipe in shell.pipelines(event.command(said)):
    if any(command.name in CLIENTS for command in pipe):
        queries += [text for command in pipe for text in (*command.given, command.stdin)]
for query in queries:
    reason = problem(query)
    if reason:
        event.block(reason)
